import type { TextMessage } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { messageRows, sameWhereEqual, type RowContext } from './messageRows.js';

const noon = new Date(2026, 3, 5, 12).getTime();
const message = (userId: string, minutes: number, replyToId: string | null = null): TextMessage =>
  ({
    messageId: String(minutes).padStart(6, '0'),
    userId,
    sentAtMs: noon + minutes * 60_000,
    replyToId,
  }) as unknown as TextMessage;

const nothing: RowContext = { above: null, seenId: null, ownUserId: 'me' };

const shapes = (messages: TextMessage[], context: Partial<RowContext> = {}): string[] =>
  messageRows(messages, { ...nothing, ...context }).map(
    ({ beginsDay, beginsUnread, isFirst }) =>
      `${beginsDay ? 'day ' : ''}${beginsUnread ? 'new ' : ''}${isFirst ? 'first' : 'goes on'}`,
  );

test('puts what one author wrote within five minutes under one name', () => {
  const messages = [message('a', 0), message('a', 4), message('a', 10), message('b', 11)];
  expect(shapes(messages)).toEqual(['day first', 'goes on', 'first', 'first']);
});

test('begins anew with each day, and where something is answered', () => {
  expect(shapes([message('a', 0), message('a', 24 * 60)])).toEqual(['day first', 'day first']);
  expect(shapes([message('a', 0), message('a', 1, 'x')])).toEqual(['day first', 'first']);
});

test('goes on with the message above the first row', () => {
  expect(shapes([message('a', 1)], { above: message('a', 0) })).toEqual(['goes on']);
});

test('marks the first message of others that was not seen, and no other', () => {
  const messages = [message('a', 1), message('me', 2), message('a', 3), message('a', 4)];
  const seenId = message('a', 1).messageId;
  expect(shapes(messages, { seenId })).toEqual(['day first', 'first', 'new first', 'goes on']);
  const above = message('a', 2);
  expect(shapes([message('a', 3)], { seenId, above })).toEqual(['goes on']);
});

test('keeps the rows that are as they were', () => {
  const messages = [message('a', 1), message('a', 2), message('a', 3)];
  const before = messageRows(messages, nothing);
  const changed = messages.with(2, { ...messages[2]!, text: 'changed' });
  const after = sameWhereEqual(before, messageRows(changed.slice(1), nothing));
  // The second begins the day now.
  expect(after.map((row, at) => row === before[at + 1])).toEqual([false, false]);
  const again = sameWhereEqual(before, messageRows(changed, nothing));
  expect(again.map((row, at) => row === before[at])).toEqual([true, true, false]);
});
