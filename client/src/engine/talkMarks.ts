import type { MessageAck, Uuid } from '@rookery/schemas/messages';

/** How far somebody came in a talk; null where they have nothing. */
export interface TalkMark {
  readonly deliveredId: Uuid | null;
  readonly readId: Uuid | null;
}

/** How far others came, by talk and user. */
export type TalkMarks = ReadonlyMap<Uuid, ReadonlyMap<Uuid, TalkMark>>;

/** More than anybody takes part in, and a server that tells of more costs no more memory. */
const talksMax = 1_024;
const usersMax = 256;

/** @returns the marks with one more; marks go forward only. */
export function withMark(marks: TalkMarks, ack: MessageAck): TalkMarks {
  const users = marks.get(ack.roomId) ?? new Map<Uuid, TalkMark>();
  const before = users.get(ack.userId) ?? { deliveredId: null, readId: null };
  const isTooMany = !users.has(ack.userId) && users.size >= usersMax;
  if (isTooMany || (!marks.has(ack.roomId) && marks.size >= talksMax)) return marks;
  const mark = {
    deliveredId: later(before.deliveredId, ack.deliveredId),
    readId: later(before.readId, ack.readId),
  };
  return new Map(marks).set(ack.roomId, new Map(users).set(ack.userId, mark));
}

/** @returns the users who have a message of a talk, and those of them who read it. */
export function receiversOf(
  marks: TalkMarks,
  talkId: Uuid,
  messageId: Uuid,
): { readonly deliveredTo: readonly Uuid[]; readonly readBy: readonly Uuid[] } {
  const users = [...(marks.get(talkId) ?? [])];
  // Ids of messages sort by time.
  const reached = (id: Uuid | null): boolean => id !== null && id >= messageId;
  return {
    deliveredTo: users.filter(([, mark]) => reached(mark.deliveredId)).map(([userId]) => userId),
    readBy: users.filter(([, mark]) => reached(mark.readId)).map(([userId]) => userId),
  };
}

/** Ids of messages sort by time; null is before all. */
export function later(a: Uuid | null, b: Uuid | null): Uuid | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
