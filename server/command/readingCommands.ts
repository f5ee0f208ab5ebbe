import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  MessageDelivered,
  MessageRead,
  ReadingCommand,
  ReadUnread,
  Search,
  Uuid,
} from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { refusal } from '../state/outcome.js';
import type { ReadMark } from '../store/readMarks.js';
import { parseSearchQuery, searchWordsMax } from '../store/searchQuery.js';
import { textMessageFor } from '../text/textMessage.js';
import { unreadOf } from '../text/unread.js';
import type { CommandContext, CommandResult, CommandTable } from './commandContext.js';
import { countRefusal } from './readHistory.js';

/** Search, and how far people read. */
export const readingCommands: CommandTable<ReadingCommand> = {
  [FrameType.Search]: search,
  [FrameType.ReadUnread]: readUnread,
  [FrameType.MessageDelivered]: messageDelivered,
  [FrameType.MessageRead]: messageRead,
};

/** Answers with messages that have all the words. */
function search(context: CommandContext, command: Search): CommandResult {
  const { session, places, store } = context;
  const { roomId, beforeId: before, count } = command;
  const tooMany = countRefusal(count);
  if (tooMany !== null) return tooMany;
  const query = parseSearchQuery(command.query);
  if (query === null) return noQuery;
  const place = places.toRead(roomId, session);
  if ('refused' in place) return place;
  const hits = store.search.find({ roomId, query, before, countMax: count });
  const messages = hits.messageIds.flatMap((messageId) => {
    const message = store.messages.find(roomId, messageId);
    return message === null ? [] : [textMessageFor(message, session.userId, store.reactions)];
  });
  const { goOnBefore } = hits;
  return { refused: false, answer: { type: FrameType.SearchPage, roomId, messages, goOnBefore } };
}

/** Answers with how much is unread, of rooms and talks where the user may read. */
function readUnread(context: CommandContext, command: ReadUnread): CommandResult {
  const { session, state, access, places, store } = context;
  const { userId } = session;
  const asked =
    command.roomIds.length > 0
      ? command.roomIds
      : store.readMarks.list(userId, fieldLimits.unreadRoomsMax).map(({ roomId }) => roomId);
  const mayRead = (id: Uuid): boolean =>
    state.room(id) === null || access.can(session.token, 'text', id);
  const isThere = (id: Uuid): boolean => places.find(id, session) !== null;
  const roomIds = [...new Set(asked)].filter((id) => isThere(id) && mayRead(id));
  const rooms = roomIds.map((roomId) => unreadOf(store, userId, roomId));
  return { refused: false, answer: { type: FrameType.UnreadCounts, rooms } };
}

function messageDelivered(
  context: CommandContext,
  { roomId, messageId }: MessageDelivered,
): Promise<CommandResult> {
  return raiseMark(context, roomId, { deliveredId: messageId });
}

function messageRead(
  context: CommandContext,
  { roomId, messageId }: MessageRead,
): Promise<CommandResult> {
  return raiseMark(context, roomId, { readId: messageId });
}

/** Notes how far the user came, and tells the others where they are to know. */
async function raiseMark(
  context: CommandContext,
  roomId: string,
  to: Partial<ReadMark>,
): Promise<CommandResult> {
  const { session, places, store } = context;
  const { userId } = session;
  const place = places.find(roomId, session);
  if (place === null) return refusal(ErrorCode.NoSuchRoom, 'There is no such room.');
  const messageId = (to.readId ?? to.deliveredId)!;
  // A mark beyond the newest message would hide what is written later.
  const [latest] = store.messages.before(roomId, null, 1);
  if (latest === undefined || messageId > latest.messageId) {
    return refusal(ErrorCode.InvalidField, 'messageId is of no message that is there.');
  }
  const mark = await store.readMarks.raise(userId, roomId, to);
  if (mark !== null && place.showsMarks) {
    place.send({ type: FrameType.MessageAck, roomId, userId, ...mark });
  }
  return { refused: false, createdId: null, listId: 0 };
}

const noQuery = refusal(
  ErrorCode.InvalidField,
  `query has no word to look for, or more than ${searchWordsMax}. Give some words.`,
);
