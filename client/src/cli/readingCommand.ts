import type { UnreadRoom, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import type { Engine } from '../engine/engine.js';
import { pathOfRoom } from '../engine/view.js';
import type { ChatOptions } from './chatCommand.js';
import { visitPlace } from './chatPlace.js';
import type { Output } from './output.js';
import { runSession } from './session.js';
import { nameOfTalk } from './talkTarget.js';
import { printTextMessage } from './textCommand.js';

/** More than anybody reads at a time. */
const foundMax = 50;

/** Prints messages with all the words, newest first, and how to go on. */
export async function searchMessages(
  options: ChatOptions,
  words: string,
  beforeId: Uuid | null,
  output: Output,
): Promise<void> {
  await runSession(options, output, async (session) => {
    const { roomId } = await visitPlace(session, options);
    const page = await session.engine.reading.search(roomId, words, beforeId, foundMax);
    for (const message of page.messages) printTextMessage(session, message);
    const { goOnBefore } = page;
    const more = goOnBefore === null ? 'that is all' : `to look on: --before ${goOnBefore}`;
    output.progress({ event: 'found', goOnBefore }, more);
  });
}

/** Prints the rooms and talks in which something is unread. */
export async function printUnread(options: ChatOptions, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const rooms = [...(await engine.reading.refresh()).values()];
    const unread = rooms.filter((room) => room.unread > 0);
    for (const room of unread) {
      const { kind, name } = placeOf(engine, room.roomId);
      output.result({ event: 'unread', ...room, [kind]: name }, `${name}: ${wordsOf(room)}`);
    }
    if (unread.length === 0) output.progress({ event: 'nothingUnread' }, 'nothing is unread');
  });
}

/** Marks all messages of the room, or talk, as read. */
export async function markRead(options: ChatOptions, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    const { roomId, name, kind } = await visitPlace(session, options);
    const readId = await session.engine.reading.markAllRead(roomId);
    const text = readId === null ? `nothing was written in ${name}` : `read all of ${name}`;
    output.result({ event: 'read', roomId, readId, [kind]: name }, text);
  });
}

function wordsOf({ unread, mentions }: UnreadRoom): string {
  const count = unread === fieldLimits.unreadMax ? `${unread} or more` : `${unread}`;
  return `${count} unread${mentions === 0 ? '' : `, ${mentions} of them mention you`}`;
}

function placeOf(engine: Engine, roomId: Uuid): { kind: 'room' | 'talk'; name: string } {
  const { view, talks } = engine.state;
  const talk = talks.find(({ talkId }) => talkId === roomId);
  if (talk === undefined) return { kind: 'room', name: pathOfRoom(view, roomId) ?? roomId };
  return { kind: 'talk', name: nameOfTalk(engine, talk) };
}
