import { isatty } from 'node:tty';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config/configSchema.js';

const stderrFd = 2;

/**
 * Writes lines for people on a terminal, JSON elsewhere; always to stderr and before the call
 * returns, so that the last line is not lost with the process. Any thread.
 */
export function createLogger(level: LogLevel): Logger {
  const destination = isatty(stderrFd)
    ? pretty({ destination: stderrFd, sync: true, ignore: 'pid,hostname' })
    : pino.destination({ dest: stderrFd, sync: true });
  return pino({ level, base: null }, destination);
}
