import { expect, test } from 'vitest';
import { ClientLog, logEntriesMax } from './clientLog.js';

test('is shown while somebody watches, and says when it changes', () => {
  let changes = 0;
  const log = new ClientLog(() => changes++);
  log.add({ level: 'info', part: 'voice', text: 'open' });
  expect([log.shown, changes]).toEqual([null, 0]);
  const end = log.watch();
  expect(log.shown).toMatchObject([{ entryId: 1, level: 'info', part: 'voice', text: 'open' }]);
  expect(log.shown).toBe(log.shown);
  log.add({ level: 'warn', part: 'voice', text: 'failed', fields: { code: 'unreachable' } });
  expect(log.shown?.at(-1)).toMatchObject({ entryId: 2, fields: { code: 'unreachable' } });
  expect(changes).toBe(2);
  end();
  end();
  expect(log.shown).toBeNull();
});

test('keeps the newest entries, and no more than there is room for', () => {
  const log = new ClientLog(() => undefined);
  log.watch();
  for (let i = 1; i <= logEntriesMax + 3; i++) log.add({ level: 'debug', part: 'a', text: `${i}` });
  expect(log.shown).toHaveLength(logEntriesMax);
  expect(log.shown?.[0]).toMatchObject({ entryId: 4, text: '4' });
});

test('keeps no secret, in texts and fields', () => {
  const log = new ClientLog(() => undefined);
  log.watch();
  const fields = { reason: 'no rookery://host/?invite=s3cret', ms: 3 };
  log.add({ level: 'warn', part: 'commands', text: 'password=s3cret', fields });
  expect(JSON.stringify(log.shown)).not.toContain('s3cret');
  expect(log.shown?.[0]?.fields['ms']).toBe(3);
});
