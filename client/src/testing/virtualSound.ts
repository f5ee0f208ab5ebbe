import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A server that nobody uses any more, because its test died, ends itself. */
const idleSecondsMax = 60;

export type VirtualDeviceName = 'speakers' | 'headset';

/**
 * Sound devices of a test's own, each a PulseAudio server in a private folder that gives back as a
 * microphone what is played to it. A process that has `env` sees these devices and no other ones.
 * They need no sound card, no session and no rights.
 *
 *     playback → sink NAME → its monitor → source NAME_mic → capture
 *
 * ALSA lists each as `NAME` and `NAME_mic`, and one as `default`: `speakers` where it is plugged
 * in. One server for all would move a stream to another of its devices by itself.
 */
export class VirtualSound {
  /** For the processes that are to use it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #servers = new Map<VirtualDeviceName, ChildProcess>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.env = {
      ALSA_CONFIG_PATH: join(folder, 'asound.conf'),
      PULSE_CLIENTCONFIG: join(folder, 'client.conf'),
      PULSE_COOKIE: join(folder, 'cookie'),
    };
  }

  /**
   * Plugs in `speakers`.
   *
   * @throws Error naming the script to run where a package is missing
   */
  static async start(): Promise<VirtualSound> {
    assertInstalled();
    const sound = new VirtualSound(await mkdtemp(join(tmpdir(), 'rookery-pulse-')));
    await writeFile(sound.env['PULSE_CLIENTCONFIG']!, 'autospawn = no\nenable-shm = no\n');
    await sound.plugIn('speakers');
    return sound;
  }

  /** From now on this process, with all its threads, has these devices. */
  enter(): void {
    Object.assign(process.env, this.env);
  }

  /** Process id of a device's server: to stop it is to let the device hang. */
  pidOf(name: VirtualDeviceName): number {
    return this.#servers.get(name)!.pid!;
  }

  /** Does nothing where it is there. */
  async plugIn(name: VirtualDeviceName): Promise<void> {
    if (this.#servers.has(name)) return;
    const home = join(this.#folder, name);
    await mkdir(home, { recursive: true, mode: 0o700 });
    const server = spawn('pulseaudio', serverArguments(name, this.#socketOf(name)), {
      env: { ...process.env, ...this.env, HOME: home, PULSE_RUNTIME_PATH: home },
      stdio: 'ignore',
    });
    this.#servers.set(name, server);
    await this.#untilAnswers(name, server);
    await this.#writeDevices();
  }

  /** Its streams are ended. Does nothing where it is not there. */
  unplug(name: VirtualDeviceName): Promise<void> {
    return this.#end(name, 'SIGTERM');
  }

  /** As a device that is gone without a word. */
  crash(name: VirtualDeviceName): Promise<void> {
    return this.#end(name, 'SIGKILL');
  }

  /** Lets the device stand still until `thaw`: it is there, and does not move. */
  freeze(name: VirtualDeviceName): void {
    this.#servers.get(name)!.kill('SIGSTOP');
  }

  thaw(name: VirtualDeviceName): void {
    this.#servers.get(name)!.kill('SIGCONT');
  }

  /** Ends all servers and removes their folder. */
  async stop(): Promise<void> {
    for (const name of [...this.#servers.keys()]) await this.crash(name);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(name: VirtualDeviceName, signal: NodeJS.Signals): Promise<void> {
    const server = this.#servers.get(name);
    if (server === undefined) return;
    this.#servers.delete(name);
    await this.#writeDevices();
    if (server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  #socketOf(name: VirtualDeviceName): string {
    return join(this.#folder, name, 'native');
  }

  /** Resolves once the server has its devices; it has no way to say so by itself. */
  async #untilAnswers(name: VirtualDeviceName, server: ChildProcess): Promise<void> {
    const env = { ...process.env, ...this.env, PULSE_SERVER: `unix:${this.#socketOf(name)}` };
    while (server.exitCode === null) {
      const sources = await run('pactl', ['list', 'short', 'sources'], { env }).catch(() => null);
      if (sources?.stdout.includes(`${name}_mic`)) return;
      await delay(20);
    }
    throw new Error(`pulseaudio ended with code ${server.exitCode} when it was started`);
  }

  /** Tells ALSA of what is plugged in. It reads a file again that is another one. */
  async #writeDevices(): Promise<void> {
    const pcm = (listed: string, server: VirtualDeviceName, device: string): string =>
      `pcm.${listed} { type pulse server "unix:${this.#socketOf(server)}" device "${device}" }`;
    const names = [...this.#servers.keys()];
    const lines = names.flatMap((name) => [
      pcm(name, name, name),
      pcm(`${name}_mic`, name, `${name}_mic`),
    ]);
    const first = this.#servers.has('speakers') ? 'speakers' : names[0];
    if (first !== undefined) {
      lines.push(`pcm.default { type pulse server "unix:${this.#socketOf(first)}" }`);
    }
    // As on every real machine, a device that cannot be opened: PortAudio aborts without.
    lines.push('pcm.absent { type hw card 31 }');
    const path = this.env['ALSA_CONFIG_PATH']!;
    await writeFile(`${path}.new`, `${lines.join('\n')}\n`);
    await rename(`${path}.new`, path);
  }
}

/** Without `norewinds` a sink takes two seconds until it plays what it is given at once. */
function serverArguments(name: VirtualDeviceName, socket: string): string[] {
  const modules = [
    `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    `module-null-sink sink_name=${name} rate=48000 channels=2 norewinds=1`,
    `module-remap-source master=${name}.monitor source_name=${name}_mic rate=48000`,
  ];
  return [
    ...['-n', '--daemonize=no', '--use-pid-file=no', '--log-level=error'],
    `--exit-idle-time=${idleSecondsMax}`,
    ...modules.flatMap((module) => ['-L', module]),
  ];
}

/** What is needed beside pulseaudio itself: its tool, and how ALSA reaches it. */
function assertInstalled(): void {
  const folders = (process.env['PATH'] ?? '').split(':');
  const isThere = (command: string): boolean =>
    folders.some((folder) => existsSync(join(folder, command)));
  const plugin = 'alsa-lib/libasound_module_pcm_pulse.so';
  const hasPlugin = libraryFolders.some((folder) => existsSync(join(folder, plugin)));
  const missing = [
    ...['pulseaudio', 'pactl'].filter((command) => !isThere(command)),
    ...(hasPlugin ? [] : ['libasound2-plugins']),
  ];
  if (missing.length === 0) return;
  throw new Error(
    `no virtual sound device without ${missing.join(', ')}: run scripts/installTestPackages.sh`,
  );
}

const libraryFolders = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];
