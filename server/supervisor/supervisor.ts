import { spawn, type ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { SupervisorLimits } from '../limits.js';
import { serverLimits } from '../limits.js';
import {
  exit,
  hangUpSignal,
  isProgram,
  restartSignal,
  stopSignals,
  watchTerminal,
} from '../program.js';
import { stuckSignal } from '../watchdog/watchdog.js';
import { RestartPolicy, type RunEnd } from './restartPolicy.js';
import { installedProgram } from './installedProgram.js';
import { standbyWord, startLoaded, untilLoaded } from './standby.js';
import { isStartedMessage, portOptions } from './startedMessage.js';

/**
 * Runs the server in a process of its own until it ends as it should, and starts it again when it
 * crashed or stood still: on the same ports, also where those were free ones. Signals are passed
 * on; `restartSignal` has the version started that is installed by then, which is loaded before the
 * one that runs is stopped: what cannot be loaded takes nobody's place. A server whose supervisor
 * is gone stops by itself.
 *
 * @param argv the server's options
 * @returns the exit code: the server's, or 1 where it failed too often
 */
export async function superviseServer(
  argv: readonly string[],
  limits: SupervisorLimits = serverLimits.supervisor,
): Promise<number> {
  const policy = new RestartPolicy(limits);
  const stop = new StopRequest(limits.exchangeMsMax);
  let ports: readonly string[] = [];
  try {
    for (;;) {
      const end = await runOnce([...argv, ...ports], stop);
      ports = end.ports ?? ports;
      const verdict = policy.judge(end, stop.wasAsked);
      const how = describeEnd(end);
      switch (verdict.kind) {
        case 'end':
          return verdict.exitCode;
        case 'giveUp':
          tell(`The server ${how}, the ${verdict.failuresInRow}th time soon after its start.`);
          tell('It is not started again: the lines above say why it fails.');
          return exit.failed;
        case 'restart':
          tell(`The server ${how} and is started again in ${verdict.afterMs} ms.`);
          await stop.wait(verdict.afterMs);
          break;
        case 'exchange':
          tell('The server is started anew.');
      }
      if (stop.wasAsked) return exit.stopped;
    }
  } finally {
    stop.close();
  }
}

/** Signals that tell the server, or whoever would start it, to stop. */
class StopRequest {
  wasAsked = false;
  #server: ChildProcess | null = null;
  #onAsked: (() => void) | null = null;
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.wasAsked = true;
    this.#server?.kill(signal);
    this.#onAsked?.();
  };

  /** Loaded, and to follow the one that runs. */
  #next: ChildProcess | null = null;
  #isLoading = false;

  /** One that waits to be started does not wait any longer. */
  readonly #onRestart = (): void => {
    if (this.#server === null) this.#onAsked?.();
    else if (!this.#isLoading) void this.#exchange(this.#server);
  };

  readonly #isTerminalGone = watchTerminal();
  readonly #onHangUp = (): void => {
    if (this.#isTerminalGone()) this.#onSignal('SIGTERM');
    else this.#server?.kill(hangUpSignal);
  };

  readonly #exchangeMsMax: number;

  /** @param exchangeMsMax of a server that is told to make room for the next */
  constructor(exchangeMsMax: number) {
    this.#exchangeMsMax = exchangeMsMax;
    for (const signal of stopSignals) process.on(signal, this.#onSignal);
    process.on(hangUpSignal, this.#onHangUp);
    process.on(restartSignal, this.#onRestart);
  }

  /** @returns the server that was loaded to come next, once; null where none was, or it is gone */
  takeNext(): ChildProcess | null {
    const next = this.#next;
    this.#next = null;
    return next?.exitCode === null && next.signalCode === null ? next : null;
  }

  async #exchange(server: ChildProcess): Promise<void> {
    this.#isLoading = true;
    const next = await loadInstalled();
    this.#isLoading = false;
    if (next === null) {
      tell('The installed version cannot be loaded, so the one that runs goes on.');
    } else if (this.wasAsked || this.#server !== server) {
      next.kill('SIGKILL');
    } else {
      this.#next?.kill('SIGKILL');
      this.#next = next;
      server.kill(restartSignal);
      // One that hangs as it starts never gets to what it was told.
      const timer = setTimeout(() => server.kill('SIGKILL'), this.#exchangeMsMax);
      server.once('exit', () => clearTimeout(timer));
    }
  }

  /** @param server gets what is asked from now on; null where none runs */
  passOnTo(server: ChildProcess | null): void {
    this.#server = server;
  }

  /** Waits, but not longer than until a stop is asked for. */
  async wait(ms: number): Promise<void> {
    if (this.wasAsked) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#onAsked = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onAsked = null;
  }

  close(): void {
    for (const signal of stopSignals) process.off(signal, this.#onSignal);
    process.off(hangUpSignal, this.#onHangUp);
    process.off(restartSignal, this.#onRestart);
    this.#next?.kill('SIGKILL');
  }
}

/** @returns null where what is installed cannot be loaded */
async function loadInstalled(): Promise<ChildProcess | null> {
  for (;;) {
    const { program } = installedProgram(process.argv[1] ?? '');
    const loadedFrom = realpathSync(program);
    const server = spawnServer([standbyWord]);
    if (!(await untilLoaded(server))) return null;
    if (realpathSync(program) === loadedFrom) return server;
    // Another version was installed meanwhile.
    server.kill('SIGKILL');
  }
}

function spawnServer(args: readonly string[]): ChildProcess {
  const { node, program } = installedProgram(process.argv[1] ?? '');
  return spawn(node, [...process.execArgv, program, ...args], {
    // The channel tells us that the server runs, and the server that we do.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** @returns how the run ended, with options that name the ports it had */
function runOnce(
  argv: readonly string[],
  stop: StopRequest,
): Promise<RunEnd & { readonly ports: readonly string[] | null }> {
  const startedAtMs = performance.now();
  const loaded = stop.takeNext();
  const server = loaded ?? spawnServer(argv);
  if (loaded !== null) startLoaded(loaded, argv);
  stop.passOnTo(server);
  let ports: readonly string[] | null = null;
  server.on('message', (message) => {
    if (isStartedMessage(message)) ports = portOptions(message);
  });
  return new Promise((resolve) => {
    const onEnd = (code: number | null, signal: NodeJS.Signals | null): void => {
      stop.passOnTo(null);
      const ranMs = performance.now() - startedAtMs;
      resolve({ code, signal, hasStarted: ports !== null, ranMs, ports });
    };
    server.once('exit', onEnd);
    server.once('error', (error) => {
      tell(`The server cannot be started: ${error.message}.`);
      onEnd(exit.failed, null);
    });
  });
}

function describeEnd({ code, signal }: RunEnd): string {
  if (signal === stuckSignal) return 'stood still';
  return signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`;
}

function tell(text: string): void {
  process.stderr.write(`rookery: ${text}\n`);
}

if (isProgram(import.meta.url)) process.exit(await superviseServer(process.argv.slice(2)));
