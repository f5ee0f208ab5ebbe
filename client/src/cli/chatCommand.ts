import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import type { PresenceStatus } from '@rookery/schemas/signalDatagram';
import { pathOfRoom } from '../engine/view.js';
import { followChanges } from './followChanges.js';
import { followMessages } from './followMessages.js';
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
    // Who reads a room is not shown what comes in talks, and who reads a talk no other place.
    const isShown = (placeId: Uuid): boolean => {
      const isTalk = session.engine.state.talks.some((talk) => talk.talkId === placeId);
      return options.to === undefined ? !isTalk : placeId === talkId;
    };
    followMessages(session.engine, isShown, (message) => printMessage(session, message));
    followChanges(session.engine, output, isShown);
    followSignals(session.engine, output);
    if (options.presence !== undefined) session.engine.setPresence(options.presence);
    const { roomId, kind } = await enterPlace(session, options);
    if (kind === 'talk') {
      talkId = roomId;
      // So that after a loss of the connection it is known what was missed.
      await session.engine.text.show(roomId);
    }
    await untilStopped(session, undefined, kind === 'talk' ? 'anywhere' : 'inRoom');
  });
}

function printMessage({ engine, output }: Session, message: TextMessage): void {
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
