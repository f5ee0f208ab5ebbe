import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import type { PageQuery } from '../engine/texts.js';
import { pathOfRoom } from '../engine/view.js';
import type { ChatOptions } from './chatCommand.js';
import { visitPlace } from './chatPlace.js';
import { localTime } from './localTime.js';
import type { Output } from './output.js';
import { runSession, type Session } from './session.js';

/** What is done to one message. */
export interface TextAct {
  readonly kind: 'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin';
  readonly messageId: Uuid;
  /** The text, or the emoji; '' where the act has neither. */
  readonly value: string;
}

/** Prints a page of messages, oldest first, without joining the room. */
export async function printHistory(
  options: ChatOptions,
  query: PageQuery,
  count: number,
  output: Output,
): Promise<void> {
  await inPlace(options, output, async (session, roomId) => {
    const page = await session.engine.text.readPage(roomId, query, count);
    for (const message of page.messages) printTextMessage(session, message);
    const { hasEarlier, hasLater } = page;
    const more = hasEarlier ? 'there are earlier messages' : 'there are no earlier messages';
    output.progress({ event: 'page', hasEarlier, hasLater }, more);
  });
}

/** Prints the pinned messages of a place, that which was pinned first before the others. */
export async function printPins(options: ChatOptions, output: Output): Promise<void> {
  await inPlace(options, output, async (session, roomId) => {
    for (const message of await session.engine.text.pins(roomId)) {
      printTextMessage(session, message);
    }
  });
}

/** Changes a message, or what belongs to it. */
export async function actOnMessage(
  options: ChatOptions,
  { kind, messageId, value }: TextAct,
  output: Output,
): Promise<void> {
  await inPlace(options, output, async ({ engine: { text } }, roomId) => {
    if (kind === 'edit' || kind === 'react' || kind === 'unreact') {
      await text[kind](roomId, messageId, value);
    } else {
      await text[kind](roomId, messageId);
    }
    output.result({ event: 'done', what: kind, messageId }, `${kind}: done`);
  });
}

/** One line a message: when, who, what, and what became of it. */
export function printTextMessage({ engine, output }: Session, message: TextMessage): void {
  const { messageId, sentAtMs, displayName, text, editedAtMs, deleted, reactions } = message;
  const { replyToId, attachmentIds } = message;
  const room = pathOfRoom(engine.state.view, message.roomId);
  const marks = [
    ...attachmentIds.map((id) => `[file ${id}]`),
    ...(editedAtMs === null ? [] : ['(edited)']),
    ...reactions.map(({ emoji, count }) => `${emoji} ${count}`),
  ];
  const when = localTime(sentAtMs);
  const head = replyToId === null ? [] : [`(answers ${replyToId})`];
  const shown = deleted ? ['(deleted)'] : [...head, text];
  const words = [`${messageId} [${when}] ${displayName}:`, ...shown, ...marks];
  output.result({ event: 'message', room, ...message }, words.join(' '));
}

/** Reads and writes in a room without being in it, or in a talk. */
async function inPlace(
  options: ChatOptions,
  output: Output,
  work: (session: Session, roomId: Uuid) => Promise<void>,
): Promise<void> {
  await runSession(options, output, async (session) => {
    const { roomId } = await visitPlace(session, options);
    await work(session, roomId);
  });
}
