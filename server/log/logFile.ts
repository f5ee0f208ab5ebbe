import roll from 'pino-roll';
import type { DestinationStream } from 'pino';
import { ServerError } from '../errors.js';
import type { LogConfig } from '../config/serverConfig.js';

/** Lines that wait while the disk does not take them; what comes on top is dropped. */
const waitingBytesMax = 4 * 1_024 * 1_024;

export interface LogFile extends DestinationStream {
  /** Lines that did not get onto the disk and never will. */
  readonly dropped: number;
  /** Writes what waits, as far as the disk takes it. */
  close(): Promise<void>;
}

/**
 * Opens the log file of today. Writing happens beside the main thread and is tried again while the
 * disk is full; nothing waits for it, and what waits is bounded.
 *
 * @param onFault the disk does not take lines: called once until it does again
 * @throws ServerError `invalidConfig` where the file cannot be made
 */
export async function openLogFile(
  { path, maxMib, keep }: NonNullable<LogConfig['file']>,
  onFault: (error: Error) => void,
): Promise<LogFile> {
  const file = await open(path, maxMib, keep);
  let dropped = 0;
  let isFaulty = false;
  file.on('drop', () => {
    dropped += 1;
  });
  file.on('drain', () => {
    isFaulty = false;
  });
  file.on('error', (error: Error) => {
    if (isFaulty) return;
    isFaulty = true;
    onFault(error);
  });
  return {
    write: (line) => {
      file.write(line);
    },
    get dropped() {
      return dropped;
    },
    close: () =>
      new Promise((resolve) => {
        file.once('close', resolve);
        // What a full disk does not take is given up.
        file.once('error', () => {
          file.destroy();
        });
        file.end();
      }),
  };
}

async function open(path: string, maxMib: number, keep: number): ReturnType<typeof roll> {
  try {
    const file = await roll({
      file: path,
      size: `${maxMib}m`,
      frequency: 'daily',
      dateFormat: 'yyyy-MM-dd',
      limit: { count: keep, removeOtherLogFiles: true },
      mkdir: true,
      mode: 0o600,
      maxLength: waitingBytesMax,
    });
    await new Promise<void>((resolve, reject) => {
      file.once('ready', resolve);
      file.once('error', reject);
    });
    return file;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError(
      'invalidConfig',
      `Cannot write the log ${path}: ${reason}. Choose another with --log-file.`,
      { cause },
    );
  }
}
