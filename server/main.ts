import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadConfig, type CommandLineResult } from './config/loadConfig.js';
import { ServerError } from './errors.js';
import { serverLimits } from './limits.js';
import { createLogger } from './logger.js';
import { exit, isProgram, stopSignals } from './program.js';
import { formatOwnerToken, formatStartBlock, formatStartLine } from './startBlock.js';
import { startServer, type RunningServer } from './startServer.js';
import { startedMessage, type StartedMessage } from './supervisor/startedMessage.js';
import { serverVersion } from './version.js';
import { startWatchdog } from './watchdog/watchdog.js';

/** What the client's workspace builds of the console, beside this one; it may not be there. */
const consoleFolder = fileURLToPath(new URL('../../client/dist/console', import.meta.url));

/**
 * Ctrl-C reaches the server twice where npm started it: from the terminal, and passed on by npm.
 * Nobody presses it twice this fast.
 */
const sameSignalMs = 200;

/**
 * Runs a server until SIGINT, SIGTERM or SIGHUP, or until its supervisor is gone, where it has one.
 * What started is printed on stdout, everything else on stderr. A second signal while it stops ends
 * the process at once. A main thread that stands still ends it by `stuckSignal`.
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
    server = await startServer(loaded.config, log, serverLimits, { consoleFolder });
  } catch (error) {
    signal.stopWaiting();
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`rookery: ${error.message}\n`);
    return exit.failed;
  }
  tellSupervisor(startedMessage(server.info));
  const format = loaded.output === 'json' ? formatStartLine : formatStartBlock;
  process.stdout.write(format(server.info, serverVersion));
  if (loaded.output === 'text' && server.ownerToken !== null) {
    process.stdout.write(formatOwnerToken(server.info, server.ownerToken));
  }
  const watchdog = startWatchdog({
    limits: serverLimits.watchdog,
    logLevel: loaded.config.logLevel,
    onFault: (error) => log.error({ err: error }, 'the watchdog failed: nobody watches any more'),
  });
  const asked = server.stopAsked.then(() => 'operator' as const);
  log.info({ signal: await Promise.race([signal.received, asked]) }, 'stopping');
  await watchdog.close();
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

function tellSupervisor(message: StartedMessage): void {
  // One that is gone meanwhile is noticed by its `disconnect`.
  process.send?.(message, undefined, undefined, () => undefined);
}

type StopReason = NodeJS.Signals | 'supervisorGone';

/** The first signal is received; a later one ends the process. */
function waitForSignal(): { received: Promise<StopReason>; stopWaiting: () => void } {
  let receivedAtMs: number | null = null;
  let onReceived: (reason: StopReason) => void = () => undefined;
  const received = new Promise<StopReason>((resolve) => {
    onReceived = resolve;
  });
  const onDisconnect = (): void => onReceived('supervisorGone');
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (receivedAtMs !== null && nowMs - receivedAtMs > sameSignalMs) process.exit(exit.forced);
    receivedAtMs ??= nowMs;
    onReceived(signal);
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  process.on('disconnect', onDisconnect);
  const stopWaiting = (): void => {
    process.off('disconnect', onDisconnect);
    for (const signal of stopSignals) process.off(signal, onSignal);
  };
  return { received, stopWaiting };
}

if (isProgram(import.meta.url)) {
  // Whatever a dependency still holds open must not keep a stopped server running.
  process.exit(await runServer(process.argv.slice(2), process.env));
}
