import { availableParallelism, homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { loadAdminServer } from './admin/adminServer.js';
import { loadConfig } from './config/loadConfig.js';
import { ServerError } from './errors.js';
import { serverLimits } from './limits.js';
import { Configuration } from './config/configuration.js';
import { openServerLog, type ServerLog } from './log/serverLog.js';
import {
  exit,
  hangUpSignal,
  isProgram,
  restartSignal,
  stopSignals,
  watchTerminal,
} from './program.js';
import { formatOwnerToken, formatStartBlock, formatStartLine } from './startBlock.js';
import { ownCommand, ownRelease } from './update/ownRelease.js';
import { makeProfileFolder, profileThread } from './profile/threadProfile.js';
import { RelayReserve } from './relay/relayReserve.js';
import { startServer, type RunningServer } from './startServer.js';
import { standbyWord, untilWanted } from './supervisor/standby.js';
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
 * Runs a server until SIGINT or SIGTERM, until its terminal or its supervisor is gone, where it has
 * one. SIGHUP has it read its configuration and its certificate again. What started is printed on
 * stdout, everything else on stderr. A second signal while it stops ends the process at once. A
 * main thread that stands still ends it by `stuckSignal`. `restartSignal` stops it to be started
 * anew.
 *
 * @param argv options only, without program and script
 * @param env where `ROOKERY_…` variables are read from
 * @param relays threads that are loaded already; those that it does not need are ended
 * @returns the exit code: 0 stopped, 1 could not run, 2 wrong usage, 75 to be started anew
 */
export async function runServer(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  relays = new RelayReserve(0),
): Promise<number> {
  const around = { env, homeDirectory: homedir(), workingDirectory: process.cwd() };
  const signal = waitForSignal();
  try {
    const loaded = loadConfig(argv, around);
    if (loaded.kind === 'text') {
      process.stdout.write(loaded.text);
      return exit.stopped;
    }
    const configuration = new Configuration(loaded.given, around);
    const log = await openServerLog(loaded.config.log);
    try {
      return await runLogged({ configuration, log, signal, output: loaded.output, relays });
    } finally {
      await log.close();
    }
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`rookery: ${error.message}\n`);
    return error.code === 'invalidConfig' ? exit.usage : exit.failed;
  } finally {
    signal.stopWaiting();
  }
}

interface Run {
  readonly configuration: Configuration;
  readonly log: ServerLog;
  readonly signal: SignalWait;
  readonly output: 'text' | 'json';
  readonly relays: RelayReserve;
}

/** @throws ServerError where it cannot be started */
async function runLogged(run: Run): Promise<number> {
  const { configuration, log, signal, output, relays } = run;
  const { root } = log;
  const config = configuration.running;
  const endProfile = beginProfile(config.cpuProfile);
  const server = await startServer(config, root, serverLimits, {
    consoleFolder,
    configuration,
    logTail: log.tail,
    spawnRelay: relays.spawn,
  });
  await relays.close();
  configuration.follow((next) => {
    log.setLevels(next.log.levels);
    server.reconfigure(next);
  });
  signal.onHangUp(() => {
    reload(configuration, root);
    server.reloadCertificate();
  });
  tellSupervisor(startedMessage(server.info));
  sayStarted(server, output);
  const watchdog = startWatchdog({
    limits: serverLimits.watchdog,
    logLevel: config.log.levels.base,
    onFault: (error) => root.error({ err: error }, 'the watchdog failed: nobody watches any more'),
  });
  const asked = server.stopAsked.then(() => 'operator' as const);
  const reason = await Promise.race([signal.received, asked]);
  root.info({ signal: reason }, 'stopping');
  await watchdog.close();
  await server.stop();
  endProfile();
  root.info('stopped');
  return reason === restartSignal ? exit.restart : exit.stopped;
}

/** @returns ends it; of the main thread alone, because the others write their own */
function beginProfile(folder: string | null): () => void {
  if (folder === null) return () => undefined;
  makeProfileFolder(folder);
  return profileThread(folder, 'main');
}

function sayStarted({ info, ownerToken }: RunningServer, output: 'text' | 'json'): void {
  if (output === 'json') {
    process.stdout.write(formatStartLine(info, serverVersion));
    return;
  }
  const command = ownCommand(ownRelease(), process.env['PATH'] ?? '');
  process.stdout.write(formatStartBlock(info, serverVersion, command));
  if (ownerToken !== null) process.stdout.write(formatOwnerToken(info, ownerToken, command));
}

/** What is broken changes nothing, and is told. */
function reload(configuration: Configuration, log: Logger): void {
  try {
    log.info(configuration.reload(), 'the configuration was read again');
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    log.error({ reason: error.message }, 'the configuration is broken, and nothing was changed');
  }
}

function tellSupervisor(message: StartedMessage): void {
  // One that is gone meanwhile is noticed by its `disconnect`.
  process.send?.(message, undefined, undefined, () => undefined);
}

type StopReason = NodeJS.Signals | 'supervisorGone';

interface SignalWait {
  /** Settles with the first signal; a later one ends the process. */
  readonly received: Promise<StopReason>;
  /** @param react called for each hang-up that does not stop the server */
  readonly onHangUp: (react: () => void) => void;
  readonly stopWaiting: () => void;
}

function waitForSignal(): SignalWait {
  let receivedAtMs: number | null = null;
  let onReceived: (reason: StopReason) => void = () => undefined;
  let onHangUp = (): void => undefined;
  const isTerminalGone = watchTerminal();
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
  const onHangUpSignal = (): void => {
    if (isTerminalGone()) onSignal(hangUpSignal);
    else onHangUp();
  };
  // Asked for twice it is done once; the signals that stop come through meanwhile.
  const onRestartSignal = (): void => onReceived(restartSignal);
  for (const signal of stopSignals) process.on(signal, onSignal);
  process.on(restartSignal, onRestartSignal);
  process.on(hangUpSignal, onHangUpSignal);
  process.on('disconnect', onDisconnect);
  return {
    received,
    onHangUp: (react) => {
      onHangUp = react;
    },
    stopWaiting: () => {
      process.off('disconnect', onDisconnect);
      process.off(hangUpSignal, onHangUpSignal);
      process.off(restartSignal, onRestartSignal);
      for (const signal of stopSignals) process.off(signal, onSignal);
    },
  };
}

/** Loads and warms what a server is made of, and runs one as soon as it is wanted. */
async function standBy(): Promise<number> {
  const relays = new RelayReserve(availableParallelism());
  await Promise.all([relays.loaded, loadAdminServer()]);
  return await runServer(await untilWanted(), process.env, relays);
}

if (isProgram(import.meta.url)) {
  const given = process.argv.slice(2);
  const ending = given[0] === standbyWord ? standBy() : runServer(given, process.env);
  // Whatever a dependency still holds open must not keep a stopped server running.
  process.exit(await ending);
}
