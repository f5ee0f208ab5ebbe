import { expect, test } from 'vitest';
import { serverLimits } from './limits.js';
import { LiveRules } from './liveRules.js';
import { readConfig } from './config/loadConfig.js';
import { abuseLimits } from './abuseLimits.js';

const around = { env: {}, homeDirectory: '/nowhere', workingDirectory: '/nowhere' };
const configOf = (options: Record<string, string>) =>
  readConfig({ options, configFile: null }, around).config;

test('readers who keep their limits see what was chosen anew, and nobody else does', () => {
  const rules = new LiveRules(serverLimits, configOf({ 'ban-after': '3' }));
  const { streams, abuse } = rules.limits;
  const kept = { streams, failures: abuse.failures, joinWork: abuse.joinWork };
  const { uploads, retention } = rules;
  expect(kept.failures.failuresMax).toBe(3);
  rules.apply(
    configOf({
      ...{ 'hot-rooms': '3', 'hot-room-rate': '50', 'calm-room-rate': '5' },
      ...{ 'ban-after': '7', 'join-work': '4', 'join-work-under-load': '5' },
      ...{ 'file-size': '1', 'keep-files': '2', 'keep-days': '3', 'keep-messages': '4' },
    }),
  );
  expect(kept).toMatchObject({
    streams: { hotRoomsMax: 3, hotMessagesPerSecond: 50, calmMessagesPerSecond: 5 },
    failures: { failuresMax: 7 },
    joinWork: { bits: 4, bitsUnderLoad: 5 },
  });
  expect(uploads).toMatchObject({ sizeBytesMax: 1_048_576, keptMsMax: 172_800_000 });
  expect(retention).toEqual({ keepDays: 3, keepMessages: 4 });
  expect(serverLimits.streams.hotRoomsMax).toBe(10);
  expect(abuseLimits.failures.failuresMax).toBe(10);
  expect(rules.limits.streams).toBe(streams);
});
