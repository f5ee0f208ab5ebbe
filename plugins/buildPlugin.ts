import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { eventExport } from './abi.js';
import { PluginError } from './errors.js';
import { examineModule, moduleHash } from './examineModule.js';
import { pluginLimits } from './limits.js';
import { parseManifest, type PluginManifest } from './manifest.js';

/** A plugin as it is handed on. */
export interface PluginFiles {
  readonly manifestText: string;
  readonly manifest: PluginManifest;
  readonly module: Uint8Array;
}

/** The part of the compiler that is used. */
interface Compiler {
  readonly main: (
    args: readonly string[],
    io: {
      readonly stderr: { write(text: string): void };
      readonly writeFile: (name: string, content: Uint8Array | string) => void;
    },
  ) => Promise<{ readonly error: Error | null }>;
}

/** Not as a literal: its types declare the language's own objects anew, everywhere. */
const compilerModule: string = 'assemblyscript/asc';

/** Pages of 64 KiB: more than any plugin of ours needs, and below what a host permits. */
const memoryPages = { min: 1, max: 64 };

/** What makes a module that is taken: it imports nothing of its own, and its memory is bounded. */
const compilerArgs = [
  ...['--outFile', 'plugin.wasm', '--optimizeLevel', '1'],
  ...['--runtime', 'incremental', '--use', 'abort='],
  ...['--initialMemory', `${memoryPages.min}`, '--maximumMemory', `${memoryPages.max}`],
];

/**
 * Compiles a plugin in AssemblyScript: `main.ts` and `plugin.toml` of a folder, which need not name
 * a hash yet.
 *
 * @param outFolder gets `plugin.wasm` and `plugin.toml`
 * @throws PluginError `failed` with what the compiler says, `badManifest`, `badModule`
 */
export async function buildPlugin(folder: string, outFolder: string): Promise<PluginFiles> {
  const module = await compile(resolve(folder, 'main.ts'));
  const source = await textOf(join(folder, 'plugin.toml'));
  const manifestText = withHash(source, moduleHash(module));
  const manifest = parseManifest(manifestText);
  examineModule(module, pluginLimits, manifest.sound === undefined ? [eventExport] : []);
  await mkdir(outFolder, { recursive: true });
  await writeFile(join(outFolder, 'plugin.wasm'), module);
  await writeFile(join(outFolder, 'plugin.toml'), manifestText);
  return { manifestText, manifest, module };
}

/**
 * Reads a plugin that was built, and checks that its parts fit each other.
 *
 * @param folder with `plugin.toml` and `plugin.wasm`, or below whose `built` they are
 * @throws PluginError
 */
export async function readPlugin(folder: string): Promise<PluginFiles> {
  const built = join(folder, 'built');
  const manifestText = await textOf(join(built, 'plugin.toml')).catch(() =>
    textOf(join(folder, 'plugin.toml')),
  );
  const module = await bytesOf(join(built, 'plugin.wasm')).catch(() =>
    bytesOf(join(folder, 'plugin.wasm')),
  );
  const manifest = parseManifest(manifestText);
  if (moduleHash(module) !== manifest.sha256) {
    const text = `plugin.wasm in ${folder} is not the one that plugin.toml names (sha256).`;
    throw new PluginError('wrongHash', `${text} Build it again, or get both again.`);
  }
  examineModule(module, pluginLimits, manifest.sound === undefined ? [eventExport] : []);
  return { manifestText, manifest, module };
}

async function compile(entry: string): Promise<Uint8Array> {
  const { main } = await loadCompiler();
  let said = '';
  const made: Uint8Array[] = [];
  const { error } = await main([entry, ...compilerArgs], {
    stderr: { write: (text) => (said += text) },
    writeFile: (_name, content) => {
      if (typeof content !== 'string') made.push(Uint8Array.from(content));
    },
  });
  const [module] = made;
  if (error === null && module !== undefined) return module;
  throw new PluginError('failed', `It does not compile. ${said || (error?.message ?? '')}`.trim());
}

async function loadCompiler(): Promise<Compiler> {
  try {
    return (await import(compilerModule)) as Compiler;
  } catch (cause) {
    const text =
      'The compiler is not there. Run it in a checkout, or "npm i assemblyscript" first.';
    throw new PluginError('failed', text, { cause });
  }
}

/** The hash stands before all tables, since a key after one belongs to it. */
function withHash(manifestText: string, sha256: string): string {
  const others = manifestText.split('\n').filter((line) => !/^\s*sha256\s*=/.test(line));
  const firstTable = others.findIndex((line) => line.startsWith('['));
  const at = firstTable < 0 ? others.length : firstTable;
  return [...others.slice(0, at), `sha256 = "${sha256}"`, '', ...others.slice(at)].join('\n');
}

async function textOf(file: string): Promise<string> {
  return new TextDecoder().decode(await bytesOf(file));
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const text = `${file} cannot be read. Name the folder of a plugin that was built.`;
    throw new PluginError('badFolder', text, { cause });
  }
}
