import { FrameType } from '../frameType.js';
import { fieldLimits, rootRoomId } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';
import { sampleTextMessages } from './sampleTextMessages.js';

const chessId = '01234567-89ab-7def-8123-456789abcdef';
const userId = 'ffffffff-0000-ffff-0000-ffffffffffff';

type ReadingTypes =
  | typeof FrameType.Search
  | typeof FrameType.SearchPage
  | typeof FrameType.ReadUnread
  | typeof FrameType.UnreadCounts
  | typeof FrameType.MessageDelivered
  | typeof FrameType.MessageRead
  | typeof FrameType.MessageAck;

/** Of search, and of how far people read: a part of `sampleMessages`. */
export const sampleReading: Pick<MessageSamples, ReadingTypes> = {
  [FrameType.Search]: [
    { type: FrameType.Search, roomId: chessId, query: 'queen* side', beforeId: userId, count: 100 },
    { type: FrameType.Search, roomId: rootRoomId, query: '', beforeId: null, count: 0xffffffff },
  ],
  [FrameType.SearchPage]: [
    {
      type: FrameType.SearchPage,
      roomId: rootRoomId,
      messages: sampleTextMessages[FrameType.HistoryPage][0].messages,
      goOnBefore: chessId,
    },
    { type: FrameType.SearchPage, roomId: chessId, messages: [], goOnBefore: null },
  ],
  [FrameType.ReadUnread]: [
    { type: FrameType.ReadUnread, roomIds: [] },
    { type: FrameType.ReadUnread, roomIds: [rootRoomId, chessId] },
  ],
  [FrameType.UnreadCounts]: [
    { type: FrameType.UnreadCounts, rooms: [] },
    {
      type: FrameType.UnreadCounts,
      rooms: [
        { roomId: rootRoomId, readId: null, unread: 0, mentions: 0, latestId: null },
        {
          roomId: chessId,
          readId: chessId,
          unread: fieldLimits.unreadMax,
          mentions: 1,
          latestId: userId,
        },
      ],
    },
  ],
  [FrameType.MessageDelivered]: [
    { type: FrameType.MessageDelivered, roomId: rootRoomId, messageId: chessId },
  ],
  [FrameType.MessageRead]: [{ type: FrameType.MessageRead, roomId: chessId, messageId: userId }],
  [FrameType.MessageAck]: [
    {
      type: FrameType.MessageAck,
      roomId: chessId,
      userId,
      deliveredId: userId,
      readId: null,
    },
    { type: FrameType.MessageAck, roomId: chessId, userId, deliveredId: null, readId: chessId },
  ],
};
