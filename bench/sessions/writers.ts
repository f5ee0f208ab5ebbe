import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import { BenchError } from '../benchError.js';
import type { BotSession } from '@rookery/client/bots/botSession';

/** What is written, by whom and how fast. */
export interface Writing {
  readonly text: string;
  readonly messages: number;
  /** The first ones, by turns. */
  readonly writers: number;
  /** Of all together, evenly spaced. */
  readonly messagesPerSecond: number;
}

/** What became of it. */
export interface Written {
  /** Messages that reached a session, over all sessions. */
  readonly deliveries: number;
  /** Packets of QUIC in which they came, with what else came meanwhile. */
  readonly packets: number;
  readonly tookMs: number;
}

const deliveredMsMax = 20_000;
const lookIntervalMs = 5;

/**
 * Lets members of a room write in it, until all of them have got all of it.
 *
 * @throws BenchError `refused`, also where something does not arrive
 */
export async function writeInRoom(
  members: readonly BotSession[],
  roomId: Uuid,
  { text, messages, writers, messagesPerSecond }: Writing,
): Promise<Omit<Written, 'packets'>> {
  const before = deliveriesTo(members);
  const beganMs = performance.now();
  const answers: Promise<unknown>[] = [];
  for (let index = 0; index < messages; index++) {
    const waitMs = beganMs + (index * 1_000) / messagesPerSecond - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const clientMessageId = newTimeOrderedUuid(Date.now());
    const message = { roomId, text, clientMessageId, replyToId: null, attachmentIds: [] };
    const writer = members[index % writers]!;
    answers.push(writer.command({ type: FrameType.SendMessage, ...message }));
  }
  await Promise.all(answers);
  const expected = messages * members.length;
  const lateMs = performance.now() + deliveredMsMax;
  while (deliveriesTo(members) - before < expected) {
    if (performance.now() > lateMs) {
      const arrived = deliveriesTo(members) - before;
      const text = `Of ${expected} deliveries only ${arrived} arrived.`;
      throw new BenchError('refused', text);
    }
    await delay(lookIntervalMs);
  }
  return { deliveries: expected, tookMs: performance.now() - beganMs };
}

function deliveriesTo(members: readonly BotSession[]): number {
  return members.reduce((sum, { received }) => sum + (received.get(FrameType.RoomMessage) ?? 0), 0);
}
