import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where it is plugged in, it is what ALSA calls `default`. */
const defaultName = 'speakers';

/** A server that nobody uses any more, because its test died, ends itself. */
const idleSecondsMax = 60;

/**
 * Sound devices of a test's own: a PulseAudio server in a private folder, whose devices each give
 * back as a microphone what is played to them. A process that has `env` sees these devices and no
 * other ones. The server needs no sound card, no session and no rights.
 *
 *     playback → sink NAME → its monitor → source NAME_mic → capture
 */
export class VirtualSound {
  /** For the processes that are to use it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #modules = new Map<string, string[]>();
  #server: ChildProcess | null = null;

  private constructor(folder: string) {
    this.#folder = folder;
    this.env = {
      ALSA_CONFIG_PATH: join(folder, 'asound.conf'),
      PULSE_CLIENTCONFIG: join(folder, 'client.conf'),
      PULSE_COOKIE: join(folder, 'cookie'),
      PULSE_RUNTIME_PATH: folder,
      PULSE_SERVER: `unix:${join(folder, 'native')}`,
    };
  }

  /**
   * Starts a server with one device, which is the default.
   *
   * @throws Error naming the script to run where a package is missing
   */
  static async start(): Promise<VirtualSound> {
    assertInstalled();
    const folder = await mkdtemp(join(tmpdir(), 'rookery-pulse-'));
    await chmod(folder, 0o700);
    const sound = new VirtualSound(folder);
    await writeFile(sound.env['PULSE_CLIENTCONFIG']!, 'autospawn = no\nenable-shm = no\n');
    await sound.startServer();
    await sound.plugIn(defaultName);
    return sound;
  }

  get serverPid(): number {
    return this.#server!.pid!;
  }

  /** From now on this process, with all its threads, has these devices. */
  enter(): void {
    Object.assign(process.env, this.env);
  }

  /** Starts the server again after `endServer`, without devices. */
  async startServer(): Promise<void> {
    const server = spawn(
      'pulseaudio',
      [
        ...['-n', '--daemonize=no', `--exit-idle-time=${idleSecondsMax}`, '--log-level=error'],
        ...['--use-pid-file=no', '-L'],
        `module-native-protocol-unix auth-anonymous=1 socket=${join(this.#folder, 'native')}`,
      ],
      { env: { ...process.env, ...this.env, HOME: this.#folder }, stdio: 'ignore' },
    );
    this.#server = server;
    const ended = once(server, 'exit').then(() => {
      throw new Error('pulseaudio ended while it was started');
    });
    await Promise.race([this.#answering(), ended]);
    ended.catch(() => undefined);
  }

  /** Ends the server, as its crash would. Everything that was plugged in is gone. */
  async endServer(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#modules.clear();
    await this.#writeDevices();
    if (server === null || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  /** Lets the server stand still until `thaw`: its devices are there, and do not move. */
  freeze(): void {
    this.#server!.kill('SIGSTOP');
  }

  thaw(): void {
    this.#server!.kill('SIGCONT');
  }

  /**
   * The default is `speakers`, and any other device where those are not there. ALSA lists each as
   * `NAME` and `NAME_mic`.
   */
  async plugIn(name: 'speakers' | 'headset'): Promise<void> {
    const sink = [`sink_name=${name}`, 'rate=48000', 'channels=2', 'norewinds=1'];
    const source = [`master=${name}.monitor`, `source_name=${name}_mic`, 'rate=48000'];
    const modules = [
      await this.#pactl('load-module', 'module-null-sink', ...sink),
      await this.#pactl('load-module', 'module-remap-source', ...source),
    ];
    this.#modules.set(name, modules);
    if (name === defaultName) {
      await this.#pactl('set-default-sink', name);
      await this.#pactl('set-default-source', `${name}_mic`);
    }
    await this.#writeDevices();
  }

  async unplug(name: 'speakers' | 'headset'): Promise<void> {
    const modules = this.#modules.get(name) ?? [];
    this.#modules.delete(name);
    await this.#writeDevices();
    for (const module of modules.toReversed()) await this.#pactl('unload-module', module);
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    await this.endServer();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #pactl(...args: string[]): Promise<string> {
    const { stdout } = await run('pactl', args, { env: { ...process.env, ...this.env } });
    return stdout.trim();
  }

  /** Resolves once the server answers; it has no way to say so by itself. */
  async #answering(): Promise<void> {
    const server = this.#server;
    while (this.#server === server && server?.exitCode === null) {
      try {
        await this.#pactl('info');
        return;
      } catch {
        await delay(50);
      }
    }
  }

  /** Tells ALSA of what is plugged in. It reads a file again that is another one. */
  async #writeDevices(): Promise<void> {
    const server = `type pulse server "${this.env['PULSE_SERVER']}"`;
    const lines = [...this.#modules.keys()].flatMap((name) => [
      `pcm.${name} { ${server} device "${name}" }`,
      `pcm.${name}_mic { ${server} device "${name}_mic" }`,
    ]);
    if (lines.length > 0) lines.unshift(`pcm.default { ${server} }`);
    // As on every real machine, a device that cannot be opened: PortAudio aborts without.
    lines.push('pcm.absent { type hw card 31 }');
    const path = this.env['ALSA_CONFIG_PATH']!;
    await writeFile(`${path}.new`, `${lines.join('\n')}\n`);
    await rename(`${path}.new`, path);
  }
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
