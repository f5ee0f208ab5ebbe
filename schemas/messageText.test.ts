import { describe, expect, test } from 'vitest';
import { isEmoji, mentionsIn, messageTextFault } from './messageText.js';
import { fieldLimits } from './protocol.js';
import { newUuid } from './uuid.js';

describe('a text', () => {
  test.each(['hello', 'two\n\tlines', '**bold** <b>', 'שלום \u202eabc', 'x'.repeat(8_192)])(
    'may be sent: %j',
    (text) => {
      expect(messageTextFault(text)).toBeNull();
    },
  );

  test.each([
    ['', 'nothing'],
    [' \n', 'nothing'],
    ['x'.repeat(8_193), 'longer'],
    ['ü'.repeat(4_097), 'longer'],
    ['a\0', 'control'],
    ['\u001b[31mred', 'control'],
    ['a\r\nb', 'control'],
    ['\u007f', 'control'],
  ])('may not be sent: %j', (text, reason) => {
    expect(messageTextFault(text)).toContain(reason);
  });

  test('mentions few enough people, each counted once', () => {
    const ids = Array.from({ length: fieldLimits.mentionsMax }, () => newUuid());
    const text = ids.map((id) => `<@${id}>`).join('');
    expect(messageTextFault(text + `<@${ids[0]}>`)).toBeNull();
    expect(messageTextFault(`${text}<@${newUuid()}>`)).toContain('mentions more than 32');
  });
});

test('mentions are found in order, in any case, and nothing like them', () => {
  const [one, two] = [newUuid(), newUuid()];
  expect(mentionsIn(`<@${two.toUpperCase()}> and <@${one}>, <@${two}>`)).toEqual([two, one]);
  expect(mentionsIn(`<@${one.slice(1)}> @${one} <@ ${one}> <@${one}`)).toEqual([]);
});

describe('a reaction', () => {
  test.each(['👍', '👍🏽', '❤️', '❤', '👨‍👩‍👧', '🇩🇪', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '™️'])('may be %s', (text) => {
    expect(isEmoji(text)).toBe(true);
  });

  test.each(['', 'a', '1', '12', '👍👍', '👍a', ' 👍', '👍\u202e', 'é', '\u200d', '👍\n', '🇩🇪🇫🇷'])(
    'may not be %j',
    (text) => {
      expect(isEmoji(text)).toBe(false);
    },
  );

  test('may not be long', () => {
    expect(isEmoji('👨‍👩‍👧‍👦'.padEnd(33, '\u200d👦'))).toBe(false);
  });
});
