import type { TextMessage } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { chatRows } from './messageGroups.js';

const noon = new Date(2026, 3, 5, 12).getTime();
const message = (userId: string, minutes: number, replyToId: string | null = null): TextMessage =>
  ({
    messageId: `${userId} ${minutes}`,
    userId,
    sentAtMs: noon + minutes * 60_000,
    replyToId,
  }) as unknown as TextMessage;

const shapes = (messages: TextMessage[]): string[] =>
  chatRows(messages).map((row) => {
    if (row.kind === 'day') return 'day';
    return row.isFirst ? 'first' : 'goes on';
  });

test('puts what one author wrote within five minutes under one name', () => {
  const messages = [message('a', 0), message('a', 4), message('a', 10), message('b', 11)];
  expect(shapes(messages)).toEqual(['day', 'first', 'goes on', 'first', 'first']);
});

test('begins anew with each day, and where something is answered', () => {
  expect(shapes([message('a', 0), message('a', 24 * 60)])).toEqual([
    'day',
    'first',
    'day',
    'first',
  ]);
  expect(shapes([message('a', 0), message('a', 1, 'x')])).toEqual(['day', 'first', 'first']);
});
