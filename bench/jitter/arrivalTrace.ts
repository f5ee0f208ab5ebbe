import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BenchError } from '../benchError.js';

/** One packet of a trace: 20 ms of speech, in milliseconds of the receiver's clock. */
export interface TracePacket {
  readonly sendMs: number;
  /** Infinity: lost. */
  readonly arriveMs: number;
  /** The sender's own timestamp; jumps over silence. */
  readonly mediaMs: number;
}

/** Packets of one speaker in the order of their numbers, which count from 0. */
export interface ArrivalTrace {
  readonly name: string;
  readonly packets: readonly TracePacket[];
}

/** What one packet of a trace holds, in milliseconds. */
export const traceFrameMs = 20;

/**
 * Whether the packet `seq` follows on the one before it without silence between.
 *
 * @param seq any; false where either packet is not in the trace
 */
export function continuesSpurt({ packets }: ArrivalTrace, seq: number): boolean {
  const [before, packet] = [packets[seq - 1], packets[seq]];
  return !!before && !!packet && packet.mediaMs === before.mediaMs + traceFrameMs;
}

/** The least time that a packet of the trace was under way, in milliseconds. */
export function leastDelayMs({ packets }: ArrivalTrace): number {
  return packets.reduce(
    (least, { sendMs, arriveMs }) => Math.min(least, arriveMs - sendMs),
    Infinity,
  );
}

/**
 * Reads `seq,send_ms,arrive_ms,media_ms`, a row a packet, `lost` for those that never arrived.
 *
 * @throws BenchError `usage` naming the line that is none
 */
export function parseTrace(name: string, csv: string): ArrivalTrace {
  const rows = csv.trim().split(/\r?\n/).slice(1);
  const packets = rows.map((row, seq): TracePacket => {
    const [number, sendMs, arriveMs, mediaMs] = row.split(',');
    const packet = {
      sendMs: Number(sendMs),
      arriveMs: arriveMs === 'lost' ? Infinity : Number(arriveMs),
      mediaMs: Number(mediaMs),
    };
    if (Number(number) === seq && !Object.values(packet).some(Number.isNaN)) return packet;
    const message = `${name}, line ${seq + 2}: not seq,send_ms,arrive_ms,media_ms in order: ${row}`;
    throw new BenchError('usage', message);
  });
  if (packets.some(({ arriveMs }) => arriveMs < Infinity)) return { name, packets };
  throw new BenchError('usage', `${name} holds no packet that arrived.`);
}

/**
 * All `*.csv` of a folder, by name.
 *
 * @throws BenchError `usage` where it cannot be read or holds none
 */
export function readTraces(folder: string): ArrivalTrace[] {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith('.csv'));
    if (files.length === 0) throw new BenchError('usage', `${folder} holds no .csv files.`);
    return files
      .sort()
      .map((file) => parseTrace(basename(file, '.csv'), readFileSync(join(folder, file), 'utf8')));
  } catch (cause) {
    if (cause instanceof BenchError) throw cause;
    const message = `Traces cannot be read: ${(cause as Error).message}`;
    throw new BenchError('usage', message, { cause });
  }
}
