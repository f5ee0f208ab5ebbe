import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { storeLimits } from '../storeLimits.js';
import type { DoctorFinding, Verdict } from './findings.js';

/** Free space that is soon used up. The store refuses to write below a bound of its own. */
const soonBytes = 1_073_741_824;

const mebibyte = 1_048_576;

/** A page of LMDB. */
const flushBytes = 4_096;
const flushesMax = 16;
/** However slow the disk is. */
const flushingMsMax = 2_000;

/**
 * A commit of LMDB flushes twice (the pages, then which of them are valid), and a message that just
 * misses one waits for it and for its own: four flushes. With this they are done within 100 ms,
 * which people take for at once.
 */
const flushMsMax = 25;

/** The disk on which the data is, or will be: its space, and how fast it is. */
export function dataDiskFindings(dataDirectory: string): DoctorFinding[] {
  if (!existsSync(dataDirectory)) {
    const text = `${dataDirectory} is made at the first start.`;
    return [{ subject: 'disk', verdict: 'good', text }];
  }
  return [spaceFinding(dataDirectory), writingFinding(dataDirectory)];
}

function spaceFinding(dataDirectory: string): DoctorFinding {
  const { bavail, bsize } = statfsSync(dataDirectory);
  const free = bavail * bsize;
  const verdict: Verdict =
    free < storeLimits.diskReserveBytes ? 'bad' : free < soonBytes ? 'attention' : 'good';
  const advice = verdict === 'good' ? '' : ' Make space: without it nobody can write.';
  const text = `${Math.floor(free / mebibyte)} MiB are free.${advice}`;
  return { subject: 'disk', verdict, text };
}

function writingFinding(dataDirectory: string): DoctorFinding {
  try {
    return flushFinding(medianFlushMs(dataDirectory));
  } catch (error) {
    const text =
      `${dataDirectory} cannot be written (${(error as Error).message}). Give it to the user ` +
      'that the server runs as, and run this as that user.';
    return { subject: 'disk flush', verdict: 'bad', text };
  }
}

/** @param medianMs of one flush of a page */
export function flushFinding(medianMs: number): DoctorFinding {
  const subject = 'disk flush';
  const took = `${medianMs.toFixed(1)} ms to have 4 KiB on the disk`;
  if (medianMs <= flushMsMax) return { subject, verdict: 'good', text: `${took}.` };
  const text =
    `${took}: people wait for their messages (${flushMsMax} ms or less is well). Put the data on ` +
    'an SSD with --data, or see what else keeps the disk busy.';
  return { subject, verdict: 'attention', text };
}

/** Writes pages to a file of its own in the directory, flushes each, and removes the file. */
function medianFlushMs(directory: string): number {
  const folder = mkdtempSync(join(directory, 'doctor-'));
  try {
    const file = openSync(join(folder, 'page'), 'wx', 0o600);
    try {
      return median(flushTimes(file));
    } finally {
      closeSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns milliseconds, at least one */
function flushTimes(file: number): number[] {
  const page = Buffer.alloc(flushBytes, 0xa5);
  const times: number[] = [];
  const startedMs = performance.now();
  let nowMs = startedMs;
  do {
    writeSync(file, page, 0, page.length, times.length * flushBytes);
    fdatasyncSync(file);
    const wasMs = nowMs;
    nowMs = performance.now();
    times.push(nowMs - wasMs);
  } while (times.length < flushesMax && nowMs - startedMs < flushingMsMax);
  return times;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}
