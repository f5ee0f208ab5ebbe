import { expect, test } from 'vitest';
import { laneLimits } from '../laneLimits.js';
import { LaneGate } from './laneGate.js';

test('is full while as many commands as may wait for their answer', () => {
  const gate = new LaneGate({ ...laneLimits.bulk, unansweredMax: 2 }, 0);
  gate.enter();
  expect(gate.isFull).toBe(false);
  gate.enter();
  expect(gate.isFull).toBe(true);
  gate.leave();
  expect(gate.isFull).toBe(false);
});
