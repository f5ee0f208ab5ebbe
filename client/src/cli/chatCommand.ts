import type { RoomMessage, Uuid } from '@rookery/schemas/messages';
import type { PresenceStatus } from '@rookery/schemas/signalDatagram';
import { pathOfRoom } from '../engine/view.js';
import { followChanges } from './followChanges.js';
import { followSignals } from './followSignals.js';
import type { Output } from './output.js';
import { enterPlace, type PlaceOptions } from './chatPlace.js';
import { runSession, untilStopped, type Session, type SessionOptions } from './session.js';

export interface ChatOptions extends SessionOptions, PlaceOptions {
  /** The message that the one sent answers. */
  readonly reply?: Uuid;
  /** What others are shown while one reads along. */
  readonly presence?: PresenceStatus;
}

/** Sends one message and ends once the server has taken it. */
export async function sendChat(options: ChatOptions, text: string, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    const { roomId, name, kind } = await enterPlace(session, options);
    const messageId = await session.engine.sendMessage(roomId, text, {
      ...(options.reply !== undefined && { replyToId: options.reply }),
    });
    output.result({ event: 'sent', messageId, roomId, [kind]: name }, `sent to ${name}`);
  });
}

/** Prints messages and what becomes of them, until the user ends it. */
export async function followChat(options: ChatOptions, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    let talkId: Uuid | null = null;
    let last = session.engine.state.messages.at(-1);
    // Who reads a room is not shown what comes in talks, and who reads a talk no other place.
    const isShown = (placeId: Uuid): boolean => {
      const isTalk = session.engine.state.talks.some((talk) => talk.talkId === placeId);
      return options.to === undefined ? !isTalk : placeId === talkId;
    };
    // Each message is one change of the State, so none is missed by looking at the last.
    session.engine.subscribe(({ messages }) => {
      const newest = messages.at(-1);
      const isNew = newest !== undefined && newest !== last;
      last = newest;
      if (isNew && isShown(newest.roomId)) printMessage(session, newest);
    });
    followChanges(session.engine, output, isShown);
    followSignals(session.engine, output);
    if (options.presence !== undefined) session.engine.setPresence(options.presence);
    const { roomId, kind } = await enterPlace(session, options);
    if (kind === 'talk') talkId = roomId;
    await untilStopped(session, undefined, kind === 'talk' ? 'anywhere' : 'inRoom');
  });
}

function printMessage({ engine, output }: Session, message: RoomMessage): void {
  const { messageId, roomId, userId, displayName, text, sentAtMs, attachmentIds } = message;
  const room = pathOfRoom(engine.state.view, roomId);
  const words = [text, ...attachmentIds.map((id) => `[file ${id}]`)].join(' ').trim();
  output.result(
    {
      ...{ event: 'message', messageId, roomId, room, userId, displayName, text, sentAtMs },
      attachmentIds,
    },
    `[${new Date(sentAtMs).toTimeString().slice(0, 8)}] ${displayName}: ${words}`,
  );
}
