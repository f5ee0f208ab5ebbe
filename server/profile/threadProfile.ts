import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { ServerError } from '../errors.js';

/** Time between two looks at what the thread does. */
const intervalUs = 1_000;

/**
 * Makes the folder for profiles.
 *
 * @throws ServerError `invalidConfig` where it cannot be made
 */
export function makeProfileFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const text = `Cannot make ${folder} for profiles: ${(cause as Error).message}.`;
    throw new ServerError('invalidConfig', `${text} Choose another with --cpu-profile.`, { cause });
  }
}

/**
 * Profiles the calling thread from now on, in samples of a millisecond.
 *
 * @param thread its name, for the file; whoever takes the place of a thread has a file of its own
 * @returns ends it and writes `THREAD-PID-TIME.cpuprofile` before it returns; a folder that takes
 * no file is told on stderr
 */
export function profileThread(folder: string, thread: string): () => void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: intervalUs });
  session.post('Profiler.start');
  const file = join(folder, `${thread}-${process.pid}-${Date.now()}.cpuprofile`);
  return () => {
    // In the thread itself the answer comes before the call returns.
    session.post('Profiler.stop', (_error, { profile }) => {
      try {
        writeFileSync(file, JSON.stringify(profile));
      } catch (error) {
        process.stderr.write(`rookery: no profile was written: ${(error as Error).message}\n`);
      }
    });
    session.disconnect();
  };
}
