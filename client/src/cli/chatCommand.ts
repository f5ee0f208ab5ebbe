import type { RoomMessage, Uuid } from '@rookery/schemas/messages';
import type { PresenceStatus } from '@rookery/schemas/signalDatagram';
import { pathOfRoom } from '../engine/view.js';
import { followSignals } from './followSignals.js';
import type { Output } from './output.js';
import {
  joinRoom,
  runSession,
  untilStopped,
  type Session,
  type SessionOptions,
} from './session.js';

export interface ChatOptions extends SessionOptions {
  readonly room: readonly string[];
  /** The message that the one sent answers. */
  readonly reply?: Uuid;
  /** What others are shown while one reads along. */
  readonly presence?: PresenceStatus;
}

/** Sends one message and ends once the server has taken it. */
export async function sendChat(options: ChatOptions, text: string, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    const { roomId } = await joinRoom(session, options.room);
    const messageId = await session.engine.sendMessage(roomId, text, {
      ...(options.reply !== undefined && { replyToId: options.reply }),
    });
    const room = options.room.join('/');
    output.result({ event: 'sent', messageId, roomId, room }, `sent to ${room}`);
  });
}

/** Prints messages as they come, until the user ends it. */
export async function followChat(options: ChatOptions, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    let last = session.engine.state.messages.at(-1);
    // Each message is one change of the State, so none is missed by looking at the last.
    session.engine.subscribe(({ messages }) => {
      const newest = messages.at(-1);
      if (newest !== undefined && newest !== last) printMessage(session, newest);
      last = newest;
    });
    followSignals(session.engine, output);
    if (options.presence !== undefined) session.engine.setPresence(options.presence);
    await joinRoom(session, options.room);
    await untilStopped(session);
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
