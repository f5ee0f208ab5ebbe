import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type koffiModule from 'koffi';
import { ClientError } from '../../clientError.js';
import { bindCalls, type PortAudioLibrary } from './portAudioLibraryCalls.js';

/**
 * Loads PortAudio: the library that naudiodon brings, else the system's. The only importer of
 * naudiodon, whose own binding is not used: it prints, has no way to ask for the errors of the
 * system, blocks threads of the pool that all file access shares, and takes twice as long from a
 * sample's writing to its hearing.
 *
 * @param paths where it may lie, the best first
 * @throws ClientError 'noAudioLibrary' naming what to install
 */
export function loadPortAudio(paths = libraryPaths()): PortAudioLibrary {
  const refusals: string[] = [];
  for (const path of paths) {
    try {
      return bindPrivateCopy(path);
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
    }
  }
  const reason = refusals[0]?.split('\n')[0] ?? 'there is no PortAudio on this machine';
  const advice = adviceFor(reason);
  throw new ClientError('noAudioLibrary', `cannot use sound devices: ${reason}; ${advice}`);
}

/** Ends the process where a thread that hangs in a driver would keep it from ending. */
export function exitAtOnce(code: number): void {
  const exit = loadKoffi()
    .load(process.platform === 'win32' ? 'msvcrt.dll' : null)
    .func('_exit', 'void', ['int']) as (code: number) => void;
  exit(code);
}

function adviceFor(reason: string): string {
  if (reason.includes('libasound')) return 'install the system package libasound2, then try again';
  if (process.platform === 'linux') {
    return 'install the system package libportaudio2 (portaudio), then try again';
  }
  return 'run the set-up again to install naudiodon, which brings it';
}

/** Where PortAudio may lie on this machine, the best first. */
function libraryPaths(): string[] {
  const { platform, arch } = process;
  const own = ownLibraries[`${platform}-${arch}`];
  const folder = naudiodonFolder();
  const brought = own === undefined || folder === null ? [] : [join(folder, 'portaudio', own)];
  const system = (systemFolders[platform] ?? []).map((path) => join(path, systemNames[platform]!));
  return [...brought, ...system].filter((path) => existsSync(path));
}

/** Platform and processor → the file in naudiodon's folder `portaudio`. */
const ownLibraries: Readonly<Record<string, string>> = {
  'linux-x64': 'bin/libportaudio.so.2',
  'linux-arm': 'bin_armhf/libportaudio.so.2',
  'darwin-x64': 'bin/libportaudio.dylib',
  'win32-x64': 'bin/portaudio_x64.dll',
};

const systemNames: Readonly<Record<string, string>> = {
  linux: 'libportaudio.so.2',
  darwin: 'libportaudio.2.dylib',
};

const systemFolders: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib/arm-linux-gnueabihf',
    '/usr/lib64',
    '/usr/lib',
    '/usr/local/lib',
  ],
  darwin: ['/opt/homebrew/lib', '/usr/local/lib'],
};

function naudiodonFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('naudiodon/package.json'));
  } catch {
    return null;
  }
}

type Koffi = typeof koffiModule;

/** Not imported: on a platform for which it has no binary, this module must load all the same. */
function loadKoffi(): Koffi {
  return createRequire(import.meta.url)('koffi') as Koffi;
}

/** The system's loader gives one library per file, so a library of one's own takes a file, too. */
function bindPrivateCopy(path: string): PortAudioLibrary {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-sound-'));
  const koffi = loadKoffi();
  try {
    const copy = join(folder, basename(path));
    copyFileSync(path, copy);
    const library = koffi.load(copy);
    silenceDrivers(koffi);
    return bindCalls(koffi, library);
  } finally {
    removeFolder(folder);
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true });
  } catch (error) {
    // Windows keeps the file of a library that is in use; it lies in the folder that is emptied.
    if (process.platform !== 'win32') throw error;
  }
}

/**
 * ALSA and JACK write to the terminal about every device that is not there. What they are given
 * instead of a place to write to is a function of the C library that does nothing.
 */
function silenceDrivers(koffi: Koffi): void {
  if (process.platform !== 'linux') return;
  const nothing = koffi.load('libc.so.6').symbol('getpid') as unknown;
  for (const [library, setter] of noisyLibraries) {
    try {
      koffi.load(library).func(setter, 'void', ['void *'])(nothing);
    } catch {
      // One that is not installed says nothing.
    }
  }
}

const noisyLibraries = [
  ['libasound.so.2', 'snd_lib_error_set_handler'],
  ['libjack.so.0', 'jack_set_error_function'],
  ['libjack.so.0', 'jack_set_info_function'],
] as const;
