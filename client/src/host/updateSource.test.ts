import { expect, test } from 'vitest';
import { chooseSource, type SourceWish } from './updateSource.js';

const key = `${'A'.repeat(43)}=`;
const url = 'https://example.org/releases';

test('each half is of who says it first', () => {
  const other = { url: 'https://example.net', key: `${'B'.repeat(43)}=` };
  expect(chooseSource([{ url }, { url: '', key }, other])).toEqual({
    source: { url, key },
    address: url,
    problem: null,
  });
});

test.each([
  [{}, 'noAddress'],
  [{ url: '', key }, 'noAddress'],
  [{ url }, 'noKey'],
  [{ url: 'http://example.org', key }, 'badAddress'],
  [{ url: 'https://ada:pw@example.org', key }, 'badAddress'],
  [{ url: 'file:///etc', key }, 'badAddress'],
  [{ url, key: 'AAAA' }, 'badKey'],
])('of %j nothing is asked: %s', (wish: SourceWish, problem) => {
  expect(chooseSource([wish])).toEqual({
    source: null,
    address: wish.url === '' ? null : (wish.url ?? null),
    problem,
  });
});
