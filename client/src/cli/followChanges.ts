import { FrameType } from '@rookery/schemas/frameType';
import type { RoomMessage, TextMessage, TextNews, Uuid } from '@rookery/schemas/messages';
import type { State } from '../engine/engineState.js';
import { pathOfRoom } from '../engine/view.js';
import type { Output, OutputEvent } from './output.js';

/** What is told of messages that are there already. */
type TextChange = Exclude<TextNews, RoomMessage>;

/** What it needs of the engine. */
export interface ChangeSource {
  readonly state: Pick<State, 'view' | 'texts'>;
  readonly text: { listen(listener: (news: TextNews) => void): () => void };
}

/** As many characters of a message are enough to know which one it is. */
const quotedMax = 40;

/**
 * Tells of edits, deletions, reactions and pins as they come.
 *
 * @param isShown whether what happens in that room or talk is told
 */
export function followChanges(
  engine: ChangeSource,
  output: Pick<Output, 'result'>,
  isShown: (placeId: Uuid) => boolean,
): void {
  engine.text.listen((news) => {
    if (news.type === FrameType.RoomMessage || !isShown(news.roomId)) return;
    const { roomId, messageId } = news;
    const room = pathOfRoom(engine.state.view, roomId);
    const event = { ...eventOf(news), messageId, roomId, room };
    output.result(event, wordsOf(news, engine.state));
  });
}

function eventOf(news: TextChange): OutputEvent {
  switch (news.type) {
    case FrameType.MessageEdited: {
      const { text, mentionedIds, editedAtMs } = news;
      return { event: 'edited', text, mentionedIds, editedAtMs };
    }
    case FrameType.MessageDeleted:
      return { event: 'deleted' };
    case FrameType.ReactionChanged: {
      const { emoji, count, userId, added } = news;
      return { event: added ? 'reacted' : 'unreacted', emoji, count, userId };
    }
    case FrameType.PinsChanged:
      return { event: news.pinned ? 'pinned' : 'unpinned' };
  }
}

function wordsOf(news: TextChange, state: ChangeSource['state']): string {
  const message = state.texts
    .get(news.roomId)
    ?.messages.find(({ messageId }) => messageId === news.messageId);
  const head = message === undefined ? news.messageId : headOf(message);
  const which = message === undefined ? news.messageId : `${head} ${quoted(message)}`;
  switch (news.type) {
    case FrameType.MessageEdited:
      return `${head} ${news.text} (edited)`;
    case FrameType.MessageDeleted:
      return `${head} (deleted)`;
    case FrameType.ReactionChanged: {
      const who = nameOf(news.userId, state);
      const does = news.added ? 'reacts with' : 'takes back';
      return `${who} ${does} ${news.emoji} (now ${news.count}): ${which}`;
    }
    case FrameType.PinsChanged:
      return `${news.pinned ? 'pinned' : 'unpinned'}: ${which}`;
  }
}

function headOf({ sentAtMs, displayName }: TextMessage): string {
  return `[${new Date(sentAtMs).toTimeString().slice(0, 8)}] ${displayName}:`;
}

function quoted({ text }: TextMessage): string {
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const isWhole = characters.length <= quotedMax;
  return isWhole ? text : `${characters.slice(0, quotedMax).join('')}…`;
}

/** The name under which somebody is here now, else the id. */
function nameOf(userId: Uuid, { view }: ChangeSource['state']): string {
  for (const session of view.sessions.values()) {
    if (session.userId === userId) return session.displayName;
  }
  return userId;
}
