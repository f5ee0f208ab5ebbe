import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEngine, type Engine } from './engine.js';
import { noChaos } from './audio/tools/chaos.js';
import type { DiagnosticsSample } from './diagnostics.js';

let engine: Engine;

beforeEach(() => {
  const times = { timeoutMs: 1_000, reconnectMs: 0 };
  engine = openEngine({ profileFolder: 'none', clientName: 'test', ...times });
});
afterEach(async () => {
  await engine.close();
});

function nextSample(): Promise<DiagnosticsSample> {
  return new Promise((resolve) => {
    const stop = engine.subscribe(({ diagnostics }) => {
      if (diagnostics === null) return;
      stop();
      resolve(diagnostics);
    });
  });
}

test('says what the engine costs while somebody watches', async () => {
  expect(engine.state.diagnostics).toBeNull();
  const end = engine.diagnostics.watch();
  const first = await nextSample();
  const second = await nextSample();
  end();
  expect(second.atMs).toBeGreaterThan(first.atMs);
  expect(second.process.heapUsedBytes).toBeGreaterThan(0);
  expect(second.process.cpuPct).toBeGreaterThanOrEqual(0);
  expect(second.loop.delayMaxMs).toBeGreaterThanOrEqual(second.loop.delayMeanMs);
  expect(second).toMatchObject({ controlRoundTripMs: null, voice: null, sound: null });
});

test('goes on until the last one who watches has ended it, once', async () => {
  const [endFirst, endSecond] = [engine.diagnostics.watch(), engine.diagnostics.watch()];
  endFirst();
  endFirst();
  await nextSample();
  expect(engine.state.diagnostics).not.toBeNull();
  endSecond();
  expect(engine.state.diagnostics).toBeNull();
  const endThird = engine.diagnostics.watch();
  await nextSample();
  endThird();
  expect(engine.state.diagnostics).toBeNull();
});

test('shows which bad networks are simulated', () => {
  const settings = { ...noChaos, lossPct: 10 };
  engine.incomingChaos.set(settings);
  expect(engine.state.chaos).toEqual({ outgoing: null, incoming: settings });
  engine.chaos.set(settings);
  engine.incomingChaos.set(null);
  expect(engine.state.chaos).toEqual({ outgoing: settings, incoming: null });
});
