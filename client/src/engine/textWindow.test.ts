import { FrameType } from '@rookery/schemas/frameType';
import type { HistoryPage, TextMessage, TextNews } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textMessage } from '@rookery/schemas/testing/textToSend';
import { describe, expect, it } from 'vitest';
import { withNews, withPage, type TextWindow } from './textWindow.js';

const ownId = '00000000-0000-4000-8000-00000000000a';
const roomId = rootRoomId;
const id = (number: number): string => `00000000-0000-7000-8000-${`${number}`.padStart(12, '0')}`;
const message = (number: number, change: Partial<TextMessage> = {}): TextMessage =>
  textMessage({ messageId: id(number), text: `${number}`, ...change });
const range = (from: number, to: number): TextMessage[] =>
  Array.from({ length: to - from }, (_, index) => message(from + index));
const page = (
  messages: readonly TextMessage[],
  hasEarlier = false,
  hasLater = false,
): HistoryPage => ({ type: FrameType.HistoryPage, roomId, messages, hasEarlier, hasLater });
const windowOf = (messages: readonly TextMessage[], hasLater = false): TextWindow => ({
  messages,
  hasEarlier: false,
  hasLater,
  pinChanges: 0,
});
const texts = ({ messages }: TextWindow): string => messages.map(({ text }) => text).join(' ');
const told = (window: TextWindow, ...news: TextNews[]): TextWindow =>
  news.reduce((next, one) => withNews(next, one, ownId), window);

describe('a page', () => {
  it('stands before, after or in place of what is there', () => {
    const window = withPage(null, page(range(4, 6), true, true), 'instead');
    const earlier = withPage(window, page(range(2, 4), false, true), 'earlier');
    expect(texts(earlier)).toBe('2 3 4 5');
    expect(earlier).toMatchObject({ hasEarlier: false, hasLater: true });
    const later = withPage(earlier, page(range(6, 8), true, false), 'later');
    expect(texts(later)).toBe('2 3 4 5 6 7');
    expect(later).toMatchObject({ hasEarlier: false, hasLater: false });
    expect(texts(withPage(later, page(range(0, 1)), 'instead'))).toBe('0');
  });

  it('has no message twice, and its own is the newer', () => {
    const changed = message(5, { text: 'five' });
    expect(texts(withPage(windowOf(range(4, 6)), page([changed]), 'later'))).toBe('4 five');
  });

  it('pushes what is too much out of the other end, which it says', () => {
    const window = windowOf(range(100, 300));
    const earlier = withPage(window, page(range(0, 100), true), 'earlier');
    expect(earlier.messages).toHaveLength(256);
    expect(earlier.messages[0]?.text).toBe('0');
    expect(earlier).toMatchObject({ hasEarlier: true, hasLater: true });
    const later = withPage(window, page(range(300, 400), true), 'later');
    expect(later.messages.at(-1)?.text).toBe('399');
    expect(later).toMatchObject({ hasEarlier: true, hasLater: false });
    expect(later.messages).toHaveLength(256);
  });
});

describe('news', () => {
  const sent = (number: number): TextNews => ({ type: FrameType.RoomMessage, ...message(number) });
  const about = { roomId, messageId: id(1) };

  it('of a message are appended once, and only to the newest', () => {
    expect(texts(told(windowOf(range(1, 3)), sent(3), sent(3), sent(2)))).toBe('1 2 3');
    expect(texts(told(windowOf(range(1, 3), true), sent(3)))).toBe('1 2');
    const full = told(windowOf(range(0, 256)), sent(256));
    expect(full.messages).toHaveLength(256);
    expect(full.hasEarlier).toBe(true);
  });

  it('of an edit change it, an older one nothing', () => {
    const edited = (text: string, editedAtMs: number): TextNews => ({
      type: FrameType.MessageEdited,
      ...about,
      text,
      editedAtMs,
      mentionedIds: [ownId],
    });
    const window = told(windowOf(range(1, 3)), edited('one', 5), edited('older', 4));
    expect(texts(window)).toBe('one 2');
    expect(window.messages[0]).toMatchObject({ editedAtMs: 5, mentionedIds: [ownId] });
  });

  it('of a deletion leave nothing, whatever comes after it', () => {
    const window = told(
      windowOf(range(1, 2)),
      { type: FrameType.MessageDeleted, ...about },
      { type: FrameType.MessageEdited, ...about, text: 'x', editedAtMs: 9, mentionedIds: [] },
    );
    expect(window.messages[0]).toMatchObject({ text: '', deleted: true, editedAtMs: null });
  });

  it('of reactions count, and tell what is mine', () => {
    const reacted = (userId: string, count: number, added = true): TextNews => ({
      type: FrameType.ReactionChanged,
      ...about,
      emoji: '🐦',
      count,
      userId,
      added,
    });
    const window = told(windowOf(range(1, 2)), reacted(ownId, 1), reacted(id(7), 2));
    expect(window.messages[0]?.reactions).toEqual([{ emoji: '🐦', count: 2, mine: true }]);
    const fewer = told(window, reacted(ownId, 1, false));
    expect(fewer.messages[0]?.reactions).toEqual([{ emoji: '🐦', count: 1, mine: false }]);
    expect(told(fewer, reacted(id(7), 0, false)).messages[0]?.reactions).toEqual([]);
  });

  it('of messages that are not there change nothing', () => {
    const window = windowOf(range(2, 3));
    expect(told(window, { type: FrameType.MessageDeleted, ...about })).toBe(window);
  });

  it('of pins tell that they are to be read again', () => {
    const pinned = { type: FrameType.PinsChanged, ...about, pinned: true } as const;
    expect(told(windowOf(range(2, 3)), pinned).pinChanges).toBe(1);
  });
});
