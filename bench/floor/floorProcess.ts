import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BenchError } from '../benchError.js';
import {
  firstLine,
  makeFolder,
  measuredProcess,
  spawnMeasured,
  type MeasuredProcess,
} from '../measuredProcess.js';

export interface FloorProcess extends MeasuredProcess {
  /** UDP port on 127.0.0.1. */
  readonly port: number;
}

const run = promisify(execFile);
const source = fileURLToPath(new URL('../../floor/relayFloor.c', import.meta.url));

/**
 * Compiles the C program that does the same fan-out with nothing around the kernel, and starts it.
 *
 * @returns null where there is no C compiler
 * @throws BenchError `childFailed` where the program does not start
 */
export async function startFloorProcess(
  rooms: number,
  membersPerRoom: number,
): Promise<FloorProcess | null> {
  const folder = makeFolder();
  const program = join(folder, 'relayFloor');
  if (!(await compile(program))) {
    rmSync(folder, { recursive: true });
    return null;
  }
  const child = spawnMeasured(program, [
    '0',
    String(membersPerRoom),
    String(rooms * membersPerRoom),
  ]);
  const measured = measuredProcess(child, folder);
  const [word, port] = (await firstLine(child, 'floor program', measured)).split(' ');
  if (word !== 'ready') throw new BenchError('childFailed', 'The floor program did not start.');
  return { ...measured, port: Number(port) };
}

/** @returns false where there is no compiler */
async function compile(program: string): Promise<boolean> {
  try {
    await run('cc', ['-O2', '-o', program, source]);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new BenchError('childFailed', 'The floor program could not be compiled.', {
      cause: error,
    });
  }
}
