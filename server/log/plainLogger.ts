import { isatty } from 'node:tty';
import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogFormat } from './logFormat.js';
import type { LogLevel } from './logLevels.js';

const stderrFd = 2;

/**
 * What the log on stderr is written to: before each call returns, so that the last line is not lost
 * with the process. Any thread.
 */
export function stderrStream(format: LogFormat): DestinationStream {
  const isPretty = format === 'pretty' || (format === 'auto' && isatty(stderrFd));
  return isPretty
    ? pretty({ destination: stderrFd, sync: true, ignore: 'pid,hostname' })
    : pino.destination({ dest: stderrFd, sync: true });
}

/** A log to stderr alone, for threads that write a line in an emergency. Any thread. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null }, stderrStream('auto'));
}
