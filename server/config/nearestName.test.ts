import { expect, test } from 'vitest';
import { configKeys } from './configSchema.js';
import { didYouMean, nearestName } from './nearestName.js';

test.each([
  ['prt', 'port'],
  ['voice_port', 'voice-port'],
  ['Log-Levl', 'log-level'],
  ['passwrd', 'password'],
  ['banafter', 'ban-after'],
])('%s was meant for %s', (typed, meant) => {
  expect(nearestName(typed, configKeys)).toBe(meant);
});

test('what is like none is not guessed', () => {
  expect(nearestName('zzzzzzzz', configKeys)).toBeNull();
  expect(nearestName('x'.repeat(100_000), configKeys)).toBeNull();
  expect(didYouMean('zzzzzzzz', configKeys)).toBe('');
});
