import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventExport } from './abi.js';
import { PluginError } from './errors.js';
import { examineModule, moduleHash } from './examineModule.js';
import { pluginLimits } from './limits.js';
import { parseManifest, type PluginManifest } from './manifest.js';
import { readPlainFile } from './readPlainFile.js';

/** A plugin as it is handed on. */
export interface PluginFiles {
  readonly manifestText: string;
  readonly manifest: PluginManifest;
  readonly module: Uint8Array;
}

const run = promisify(execFile);

/** Pages of 64 KiB: more than any plugin of ours needs, and below what a host permits. */
const memoryPages = { min: 1, max: 64 };

/** What makes a module that is taken: it imports nothing of its own, and its memory is bounded. */
const compilerArgs = [
  ...['--optimizeLevel', '1'],
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

/**
 * In a process of its own: the compiler gives the language's own objects another meaning in the one
 * that loads it, such as numbers that are sorted as numbers where nobody says how.
 */
async function compile(entry: string): Promise<Uint8Array> {
  const compiler = compilerFile();
  const folder = await mkdtemp(join(tmpdir(), 'rookery-plugin-'));
  const outFile = join(folder, 'plugin.wasm');
  try {
    // As the compiler would start itself again.
    const args = ['--enable-source-maps', compiler, entry, '--outFile', outFile, ...compilerArgs];
    await run(process.execPath, args);
    return await readFile(outFile);
  } catch (cause) {
    const said = (cause as { readonly stderr?: string }).stderr ?? '';
    throw new PluginError('failed', `It does not compile. ${said}`.trim(), { cause });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function compilerFile(): string {
  try {
    return fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'));
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
    return await readPlainFile(file, pluginLimits.moduleBytesMax);
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    const text = `${file} cannot be read. Name the folder of a plugin that was built.`;
    throw new PluginError('badFolder', text, { cause });
  }
}
