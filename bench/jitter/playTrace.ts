import {
  JitterBuffer,
  PlayoutAction,
  type JitterLimits,
} from '@rookery/client/engine/audio/jitterBuffer';
import { continuesSpurt, type ArrivalTrace } from './arrivalTrace.js';

/** What was played in one piece. */
export interface PlayedPiece {
  readonly playMs: number;
  durationMs: number;
  readonly kind: 'frame' | 'fec' | 'concealed' | 'silence';
  /** Of the frame; −1 where there is none. */
  readonly seq: number;
}

/** How a trace is played. */
export interface PlayOptions {
  /** Between two callbacks of the sound card. */
  readonly callbackMs: 10 | 20;
  /** Of the first callback. */
  readonly phaseMs: number;
  /** Packets that carry their predecessor. */
  readonly fec: 'all' | 'none';
  readonly limits: JitterLimits;
}

const stepMs = 10;
const samplesPerMs = 48;
/** A SILK frame of 20 ms and its LBRR flag (RFC 6716 sections 3.1 and 4.2.3). */
const [silkToc, lbrrFlag] = [0x08, 0x40];
/** Played after the last packet was sent. */
const tailMs = 3_000;

/** Plays a trace through a jitter buffer on a stepped clock; without decoder, so without sound. */
export function playTrace(trace: ArrivalTrace, options: PlayOptions): PlayedPiece[] {
  const { callbackMs, phaseMs } = options;
  const { packets } = trace;
  const buffer = new JitterBuffer(options.limits);
  const arrivals = packets
    .map(({ arriveMs }, seq) => ({ arriveMs, seq }))
    .filter(({ arriveMs }) => arriveMs < Infinity)
    .sort((a, b) => a.arriveMs - b.arriveMs || a.seq - b.seq);
  const pieces: PlayedPiece[] = [];
  const endMs = packets.at(-1)!.sendMs + tailMs;
  let next = 0;
  for (let atMs = phaseMs; atMs < endMs; atMs += callbackMs) {
    for (; next < arrivals.length && arrivals[next]!.arriveMs <= atMs; next++) {
      const { seq, arriveMs } = arrivals[next]!;
      push(buffer, (arriveMs - phaseMs) / stepMs, trace, seq, options.fec);
    }
    for (let ms = 0; ms < callbackMs; ms += stepMs) {
      const step = Math.round((atMs + ms - phaseMs) / stepMs);
      take(buffer, buffer.step(step), atMs + ms, pieces);
      // As it is wished; real sound can be cut between two periods of its pitch only.
      buffer.stretched(buffer.stretchSamples);
    }
  }
  return pieces;
}

function push(
  buffer: JitterBuffer,
  step: number,
  trace: ArrivalTrace,
  seq: number,
  fec: 'all' | 'none',
): void {
  const hasFec = fec === 'all' && continuesSpurt(trace, seq);
  const payload = Uint8Array.of(silkToc, hasFec ? lbrrFlag : 0, seq >> 8, seq & 0xff);
  const timestamp = (trace.packets[seq]!.mediaMs * samplesPerMs) % 2 ** 32;
  const endOfSpurt = !continuesSpurt(trace, seq + 1);
  buffer.push(step, seq, timestamp, endOfSpurt, payload, 0, payload.length);
}

/** Notes what 10 ms were filled with; pieces last as long as nothing else begins. */
function take(
  buffer: JitterBuffer,
  action: PlayoutAction,
  playMs: number,
  pieces: PlayedPiece[],
): void {
  const seq = (buffer.payload[2]! << 8) | buffer.payload[3]!;
  const begun = { playMs, durationMs: stepMs };
  if (action === PlayoutAction.Rest) pieces.at(-1)!.durationMs += stepMs;
  else if (action === PlayoutAction.Frame) pieces.push({ ...begun, kind: 'frame', seq });
  else if (action === PlayoutAction.Fec) pieces.push({ ...begun, kind: 'fec', seq: seq - 1 });
  else if (action === PlayoutAction.Conceal) pieces.push({ ...begun, kind: 'concealed', seq: -1 });
  else pieces.push({ ...begun, kind: 'silence', seq: -1 });
}
