import { expect, test } from 'vitest';
import { stageLimits } from '../testing/relayStage.js';
import { openLinuxRelayParts } from './linuxRelayParts.js';
import { warmUpRelay } from './warmUp.js';

test.runIf(process.platform === 'linux')('relays packets that nobody else sees', () => {
  expect(warmUpRelay(openLinuxRelayParts()!, stageLimits)).toBeGreaterThan(5_000);
  expect(warmUpRelay(openLinuxRelayParts()!, { ...stageLimits, warmUpPackets: 0 })).toBe(0);
});
