import { laneOf, type CommandLane } from '@rookery/schemas/commandLane';
import { encodeFrame, frameHeaderBytes } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type { Message } from '@rookery/schemas/messages';
import { DatagramKind } from '@rookery/schemas/protocol';
import { mutateBytes } from '@rookery/schemas/testing/mutate';
import { sampleMessages } from '@rookery/schemas/testing/sampleMessages';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { isCommand } from '../command/commandTable.js';

/** A frame, and the stream on which it is sent. */
export interface FuzzedFrame {
  readonly lane: 'control' | CommandLane;
  readonly bytes: Uint8Array;
}

/** Ids and tokens that mean something on the server, for fields that hold some. */
export interface LiveNames {
  readonly ids: readonly string[];
  readonly tokens: readonly number[];
}

/** Any type is a session's last; these may come before. */
const commandTypes = Object.values(FrameType).filter((type) =>
  sampleMessages[type].every((message: Message) => isCommand(message)),
);
const allTypes = Object.values(FrameType);
const lanes = ['control', 'commands', 'acks', 'bulk'] as const;
const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const triesMax = 20;
const datagramBytesMax = 64;

/** A damaged message that a session outlives: it decodes, and may be carried out. */
export function survivableFrame(random: SeededRandom, names: LiveNames): FuzzedFrame {
  for (let tries = 0; tries < triesMax; tries++) {
    const type = pick(random, commandTypes);
    const payload = damagedPayload(random, type, names);
    if (shutsOut(type, payload)) continue;
    if (decodes(type, payload)) return { lane: laneOf(type), bytes: encodeFrame(type, payload) };
  }
  const type = pick(random, commandTypes);
  const bytes = encodeMessage(
    livened(random, pick<Message>(random, sampleMessages[type]), names),
    1,
  );
  return { lane: laneOf(type), bytes };
}

/** A damaged message of any type, mostly on the stream where such messages go. */
export function anyFrame(random: SeededRandom, names: LiveNames): FuzzedFrame {
  const type = pick(random, allTypes);
  const payload = damagedPayload(random, type, names);
  if (shutsOut(type, payload)) return anyFrame(random, names);
  const usualLane = type < FrameType.SendMessage ? 'control' : laneOf(type);
  const bytes = encodeFrame(type, payload);
  // The header counts too.
  const damaged = random.chance(0.1) ? mutateBytes(random, bytes) : bytes;
  return { lane: random.chance(0.9) ? usualLane : pick(random, lanes), bytes: damaged };
}

/** Bytes that begin like a datagram of ours. */
export function anyDatagram(random: SeededRandom): Uint8Array {
  const bytes = random.bytes(1 + random.below(datagramBytesMax));
  bytes[0] = pick(random, Object.values(DatagramKind));
  return bytes;
}

function damagedPayload(random: SeededRandom, type: FrameType, names: LiveNames): Uint8Array {
  const message = pick<Message>(random, sampleMessages[type]);
  const meant = random.chance(0.7) ? livened(random, message, names) : message;
  let encoded: Uint8Array;
  try {
    encoded = encodeMessage(meant, random.below(1_000));
  } catch {
    // Not every id fits everywhere.
    encoded = encodeMessage(message, random.below(1_000));
  }
  const payload = encoded.subarray(frameHeaderBytes);
  return random.chance(0.2) ? payload : mutateBytes(random, payload);
}

/** The same with some of its ids and tokens replaced by those of the server. */
function livened<T>(random: SeededRandom, value: T, names: LiveNames, name = ''): T {
  if (typeof value === 'string') {
    return (idForm.test(value) && random.chance(0.8) ? pick(random, names.ids) : value) as T;
  }
  if (typeof value === 'number') {
    return (/token/i.test(name) && random.chance(0.8) ? pick(random, names.tokens) : value) as T;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => livened(random, item, names)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [
    key,
    key === 'type' ? inner : livened(random, inner, names, key),
  ]);
  return Object.fromEntries(entries) as T;
}

/** Nobody could log in any more, and the rest would be for nothing. */
function shutsOut(type: FrameType, payload: Uint8Array): boolean {
  return type === FrameType.SetRegistration && decodes(type, payload);
}

function decodes(type: FrameType, payload: Uint8Array): boolean {
  try {
    decodeMessage(type, payload);
    return true;
  } catch {
    return false;
  }
}

function pick<T>(random: SeededRandom, values: readonly T[]): T {
  return values[random.below(values.length)]!;
}
