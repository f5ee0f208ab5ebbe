import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config/configSchema.js';
import { loadConfig, type CommandLineResult } from './config/loadConfig.js';
import { ServerError } from './errors.js';
import { formatStartBlock, formatStartLine } from './startBlock.js';
import { startServer, type RunningServer } from './startServer.js';
import { serverVersion } from './version.js';

/** Exit codes: stopped when told to, could not run, wrong usage, forced by a second signal. */
const exit = { stopped: 0, failed: 1, usage: 2, forced: 130 } as const;

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ctrl-C reaches the server twice where npm started it: from the terminal, and passed on by npm.
 * Nobody presses it twice this fast.
 */
const sameSignalMs = 200;

/**
 * Runs a server until SIGINT, SIGTERM or SIGHUP. What started is printed on stdout, everything else
 * on stderr. A second signal while it stops ends the process at once.
 *
 * @param argv options only, without program and script
 * @param env where `ROOKERY_…` variables are read from
 * @returns the exit code: 0 stopped, 1 could not run, 2 wrong usage
 */
export async function runServer(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const loaded = load(argv, env);
  if (loaded === null) return exit.usage;
  if (loaded.kind === 'text') {
    process.stdout.write(loaded.text);
    return exit.stopped;
  }
  const log = createLogger(loaded.config.logLevel);
  const signal = waitForSignal();
  let server: RunningServer;
  try {
    server = await startServer(loaded.config, log);
  } catch (error) {
    signal.stopWaiting();
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`rookery: ${error.message}\n`);
    return exit.failed;
  }
  const format = loaded.output === 'json' ? formatStartLine : formatStartBlock;
  process.stdout.write(format(server.info, serverVersion));
  log.info({ signal: await signal.received }, 'stopping');
  await server.stop();
  signal.stopWaiting();
  log.info('stopped');
  return exit.stopped;
}

function load(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLineResult | null {
  try {
    return loadConfig(argv, {
      env,
      homeDirectory: homedir(),
      workingDirectory: process.cwd(),
    });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`rookery: ${error.message}\n`);
    return null;
  }
}

/** Lines for people on a terminal, JSON elsewhere; always stderr. */
function createLogger(level: LogLevel): Logger {
  const destination = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname' })
    : pino.destination({ dest: 2, sync: true });
  return pino({ level, base: null }, destination);
}

/** The first signal is received; a later one ends the process. */
function waitForSignal(): { received: Promise<NodeJS.Signals>; stopWaiting: () => void } {
  let receivedAtMs: number | null = null;
  let onReceived: (signal: NodeJS.Signals) => void = () => undefined;
  const received = new Promise<NodeJS.Signals>((resolve) => {
    onReceived = resolve;
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (receivedAtMs !== null && nowMs - receivedAtMs > sameSignalMs) process.exit(exit.forced);
    receivedAtMs ??= nowMs;
    onReceived(signal);
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  const stopWaiting = (): void => {
    for (const signal of stopSignals) process.off(signal, onSignal);
  };
  return { received, stopWaiting };
}

/** Whether this file is the program and not a part of another. */
function isProgram(): boolean {
  const script = process.argv[1];
  if (script === undefined || !existsSync(script)) return false;
  return realpathSync(script) === fileURLToPath(import.meta.url);
}

if (isProgram()) {
  // Whatever a dependency still holds open must not keep a stopped server running.
  process.exit(await runServer(process.argv.slice(2), process.env));
}
