import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogConfig } from '../config/serverConfig.js';
import { openLogFile, type LogFile } from './logFile.js';
import { isPart, type LogLevel, type LogLevels, type LogPart } from './logLevels.js';
import { LogTail } from './logTail.js';
import { stderrStream } from './plainLogger.js';

/** The log of a server: where its lines go, which are written, and the newest of them. */
export interface ServerLog {
  /** Parts have children of it: see logOfPart(). */
  readonly root: Logger;
  readonly tail: LogTail;
  /** Changes which lines are written, from now on. */
  setLevels(levels: LogLevels): void;
  /** Writes what waits for a file. */
  close(): Promise<void>;
}

/** Where a field of these names holds a secret, it is not written. */
const secretFields = [
  'password',
  'accountPassword',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'hopKey',
  'privateKey',
  'ticket',
] as const satisfies readonly string[];

/** @throws ServerError `invalidConfig` where the log file cannot be made */
export async function openServerLog(config: LogConfig): Promise<ServerLog> {
  const stderr = stderrStream(config.format);
  const emergency = pino({ base: null }, stderr);
  const file =
    config.file === null
      ? null
      : await openLogFile(config.file, (error) => {
          // Not into the file: it is what fails.
          emergency.error({ err: error }, 'the log file cannot be written; lines may be lost');
        });
  return createServerLog(config.levels, stderr, file);
}

/** @param file also written to; null for none */
export function createServerLog(
  levels: LogLevels,
  stream: DestinationStream,
  file: LogFile | null = null,
): ServerLog {
  const tail = new LogTail();
  const streams = [{ stream }, { stream: tail }, ...(file === null ? [] : [{ stream: file }])];
  const parts = new Map<LogPart, Logger>();
  let current = levels;
  const root = pino(
    {
      level: levels.base,
      base: null,
      redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`]), censor: 'not shown' },
      onChild: (child) => {
        const bindings = child.bindings();
        // Those of single requests take over the level of their part.
        if (!isPart(bindings['part']) || Object.keys(bindings).length !== 1) return;
        parts.set(bindings['part'], child);
        child.level = levelOf(bindings['part'], current);
      },
    },
    // Each line that a logger lets pass goes to all of them.
    pino.multistream(
      streams.map((entry) => ({ ...entry, level: 'trace' as const })),
      { dedupe: false },
    ),
  );
  return {
    root,
    tail,
    setLevels: (next) => {
      current = next;
      root.level = next.base;
      for (const [part, logger] of parts) logger.level = levelOf(part, next);
    },
    close: async () => file?.close(),
  };
}

function levelOf(part: LogPart, { base, parts }: LogLevels): LogLevel {
  return parts[part] ?? base;
}

/** The log of one part, whose level can be set apart from the others'. */
export function logOfPart(log: Logger, part: LogPart): Logger {
  return log.child({ part });
}
