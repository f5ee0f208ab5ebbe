import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const unitFile = fileURLToPath(new URL('../../../packaging/rookery.service', import.meta.url));

/** More would be a loop, and systemd ends it. */
const startsMax = 5;

/**
 * Runs the commands of the unit in the order in which systemd does (systemd.service(5), Type=exec,
 * Restart=on-failure): before, program, after; what fails is started again. Of the unit nothing
 * else is tried here, no user, sandbox or time limit.
 */
export class UnitRunner {
  /** What its commands wrote, of all starts. */
  output = '';
  starts = 0;
  readonly #lines: readonly string[];
  #main: ChildProcess | null = null;

  /** @param paths what stands in the unit, and what in its place */
  constructor(paths: Readonly<Record<string, string>>) {
    let text = readFileSync(unitFile, 'utf8');
    for (const [path, place] of Object.entries(paths)) text = text.replaceAll(path, place);
    this.#lines = text.split('\n');
  }

  /** Starts it until a start is good, so often as systemd would. */
  async start(): Promise<void> {
    while (this.starts < startsMax) {
      this.starts += 1;
      await this.#exitOf(this.#spawn('ExecStartPre', {}));
      const main = this.#spawn('ExecStart', {});
      this.#main = main;
      const after = this.#spawn('ExecStartPost', { MAINPID: String(main.pid) });
      if ((await this.#exitOf(after)) === 0 && main.exitCode === null) return;
      await this.kill();
    }
  }

  /** As by a power cut. */
  async kill(): Promise<void> {
    const main = this.#main;
    this.#main = null;
    if (main?.exitCode !== null || main.signalCode !== null) return;
    // All of its processes are ended, as those of a control group: then nobody has its output.
    const closed = once(main, 'close');
    process.kill(-main.pid!, 'SIGKILL');
    await closed;
  }

  #spawn(name: string, variables: Readonly<Record<string, string>>): ChildProcess {
    const line = this.#lines.find((each) => each.startsWith(`${name}=`)) ?? '';
    // `+` and `-` say with which rights, and whether a fault counts.
    const command = line.slice(name.length + 1).replace(/^[+-]*/, '');
    const kept = Object.entries(process.env).filter(([key]) => !key.startsWith('ROOKERY_'));
    const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...Object.fromEntries(kept), ...variables },
    });
    child.stdout.on('data', (text: Buffer) => (this.output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (this.output += text.toString()));
    return child;
  }

  async #exitOf(child: ChildProcess): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }
}
