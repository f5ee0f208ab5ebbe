import { FrameType } from '../frameType.js';
import { HistoryDirection } from '../generated/rookery/history-direction.js';
import type { TextAnswer, TextCommand, TextMessage, TextNews } from '../messages.js';
import { rootRoomId } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';

const chessId = '01234567-89ab-7def-8123-456789abcdef';
const userId = 'ffffffff-0000-ffff-0000-ffffffffffff';

const plain: TextMessage = {
  messageId: chessId,
  roomId: rootRoomId,
  userId,
  displayName: 'Zo\u00eb',
  text: 'Yes, always.',
  sentAtMs: 1_700_000_000_123,
  clientMessageId: userId,
  replyToId: null,
  mentionedIds: [],
  attachmentIds: [],
  editedAtMs: null,
  deleted: false,
  reactions: [],
};
const full: TextMessage = {
  ...plain,
  messageId: userId,
  text: `<@${userId}> *look*`,
  replyToId: chessId,
  mentionedIds: [userId],
  attachmentIds: [chessId, rootRoomId],
  editedAtMs: 1_700_000_000_124,
  reactions: [
    { emoji: '\u{1f426}', count: 0xffffffff, mine: true },
    { emoji: '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', count: 1, mine: false },
  ],
};
const blank: TextMessage = {
  ...plain,
  messageId: rootRoomId,
  roomId: chessId,
  userId: chessId,
  displayName: '',
  text: '',
  sentAtMs: Number.MAX_SAFE_INTEGER,
  clientMessageId: rootRoomId,
  editedAtMs: Number.MAX_SAFE_INTEGER,
  deleted: true,
};

type TextTypes = (TextCommand | TextAnswer | TextNews)['type'];

const reference = { roomId: chessId, messageId: userId };

/** Of what is written in rooms and talks: a part of `sampleMessages`. */
export const sampleTextMessages: Pick<MessageSamples, TextTypes> = {
  [FrameType.SendMessage]: [
    {
      type: FrameType.SendMessage,
      roomId: rootRoomId,
      text: 'Does anybody play chess?\n\u265f',
      clientMessageId: userId,
      replyToId: null,
      attachmentIds: [],
    },
    {
      type: FrameType.SendMessage,
      roomId: chessId,
      text: '',
      clientMessageId: chessId,
      replyToId: userId,
      attachmentIds: [rootRoomId, chessId],
    },
  ],
  [FrameType.RoomMessage]: [
    { type: FrameType.RoomMessage, ...plain },
    { type: FrameType.RoomMessage, ...full },
    { type: FrameType.RoomMessage, ...blank },
  ],
  [FrameType.ReadHistory]: [
    {
      type: FrameType.ReadHistory,
      roomId: chessId,
      direction: HistoryDirection.Around,
      messageId: userId,
      count: 100,
    },
    {
      type: FrameType.ReadHistory,
      roomId: rootRoomId,
      direction: HistoryDirection.Before,
      messageId: null,
      count: 0xffffffff,
    },
  ],
  [FrameType.HistoryPage]: [
    {
      type: FrameType.HistoryPage,
      roomId: rootRoomId,
      messages: [plain, full],
      hasEarlier: true,
      hasLater: false,
    },
    {
      type: FrameType.HistoryPage,
      roomId: chessId,
      messages: [],
      hasEarlier: false,
      hasLater: true,
    },
  ],
  [FrameType.EditMessage]: [
    { type: FrameType.EditMessage, ...reference, text: 'Yes, *always*.' },
    { type: FrameType.EditMessage, ...reference, text: '' },
  ],
  [FrameType.DeleteMessage]: [{ type: FrameType.DeleteMessage, ...reference }],
  [FrameType.AddReaction]: [
    { type: FrameType.AddReaction, ...reference, emoji: '\u{1f44d}\u{1f3fd}' },
    { type: FrameType.AddReaction, ...reference, emoji: '' },
  ],
  [FrameType.RemoveReaction]: [
    { type: FrameType.RemoveReaction, ...reference, emoji: '\u{1f426}' },
    { type: FrameType.RemoveReaction, ...reference, emoji: '' },
  ],
  [FrameType.PinMessage]: [{ type: FrameType.PinMessage, ...reference }],
  [FrameType.UnpinMessage]: [{ type: FrameType.UnpinMessage, ...reference }],
  [FrameType.ReadPins]: [{ type: FrameType.ReadPins, roomId: chessId }],
  [FrameType.PinList]: [
    { type: FrameType.PinList, roomId: rootRoomId, messages: [full, plain] },
    { type: FrameType.PinList, roomId: chessId, messages: [] },
  ],
  [FrameType.MessageEdited]: [
    {
      type: FrameType.MessageEdited,
      ...reference,
      text: `Ask <@${userId}>.`,
      mentionedIds: [userId],
      editedAtMs: 1_700_000_000_124,
    },
    {
      type: FrameType.MessageEdited,
      ...reference,
      text: '',
      mentionedIds: [],
      editedAtMs: Number.MAX_SAFE_INTEGER,
    },
  ],
  [FrameType.MessageDeleted]: [{ type: FrameType.MessageDeleted, ...reference }],
  [FrameType.ReactionChanged]: [
    {
      type: FrameType.ReactionChanged,
      ...reference,
      emoji: '\u{1f426}',
      count: 0xffffffff,
      userId,
      added: true,
    },
    { type: FrameType.ReactionChanged, ...reference, emoji: '', count: 0, userId, added: false },
  ],
  [FrameType.PinsChanged]: [
    { type: FrameType.PinsChanged, ...reference, pinned: true },
    { type: FrameType.PinsChanged, ...reference, pinned: false },
  ],
};
