import { afterEach, expect, test } from 'vitest';
import type { KeyScript } from '../testing/scriptedKeysProcess.js';
import { GlobalKeys, keysProcess } from './globalKeys.js';
import type { KeysState } from './keysState.js';

const scripted = new URL('../testing/scriptedKeysProcess.js', import.meta.url);
const display = { DISPLAY: ':0' };

/** Processes take their time to start on a busy machine. */
const eventually = { timeout: 40_000 };

let keys: GlobalKeys | null = null;
let seen: string[] = [];
let states: KeysState[] = [];

afterEach(async () => {
  await keys?.close();
  keys = null;
});

function open(script: KeyScript, entry = scripted, platform: NodeJS.Platform = 'linux'): void {
  seen = [];
  states = [];
  const env = { ...process.env, ...display, WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: 'x11' };
  keys = new GlobalKeys(
    {
      ...{ entry, platform, env: { ...env, ROOKERY_TEST_KEYS: JSON.stringify(script) } },
      ...(script.hangs === true && { startMsMax: 200 }),
    },
    {
      onKey: (code, isDown) => seen.push(`${code} ${isDown ? 'down' : 'up'}`),
      onState: (state) => states.push(state),
    },
  );
  keys.watch(['KeyV']);
  keys.start();
}

test('sees the keys that it watches, and is told of no other', async () => {
  open({
    strokes: [
      ['KeyP', true],
      ['KeyV', true],
      ['KeyP', false],
      ['KeyV', false],
    ],
  });
  await expect.poll(() => seen, eventually).toEqual(['KeyV down', 'KeyV up']);
  expect(states).toEqual([{ phase: 'global', problem: null }]);
  keys?.watch(['KeyP']);
  await expect.poll(() => seen.slice(2), eventually).toEqual(['KeyP down', 'KeyP up']);
});

test('says why where keys cannot be seen, and does not try again', async () => {
  open({ problem: 'notAllowed' });
  await expect
    .poll(() => states, eventually)
    .toEqual([{ phase: 'windowOnly', problem: 'notAllowed' }]);
});

test('starts the process again when it dies, and gives up in the end', async () => {
  open({ dies: true });
  await expect
    .poll(() => states.at(-1), eventually)
    .toEqual({ phase: 'windowOnly', problem: 'died' });
  const starts = states.filter(({ phase }) => phase === 'global');
  expect(starts.length).toBeGreaterThan(1);
});

test('ends a process that does nothing, and gives up in the end', async () => {
  open({ hangs: true });
  await expect
    .poll(() => states.at(-1), eventually)
    .toEqual({ phase: 'windowOnly', problem: 'died' });
});

test('starts no process where the system shows no keys', () => {
  const told: KeysState[] = [];
  const listener = { onKey: () => undefined, onState: (state: KeysState) => told.push(state) };
  new GlobalKeys({ entry: scripted, platform: 'linux', env: {} }, listener).start();
  expect(told).toEqual([{ phase: 'windowOnly', problem: 'noDisplay' }]);
});

// The real library ends its process where no display answers; with one it sees keys.
const hasDisplay = process.platform !== 'linux' || (process.env['DISPLAY'] ?? '') !== '';
test.runIf(hasDisplay)('sees keys by the real library, where there is a display', async () => {
  open({}, keysProcess, process.platform);
  await expect.poll(() => states.at(-1)?.phase, eventually).toBe('global');
});

test.runIf(!hasDisplay)('lives on when the real library ends its process', async () => {
  open({}, keysProcess);
  const problem = (): string | null => states.at(-1)?.problem ?? null;
  await expect.poll(problem, eventually).not.toBeNull();
});
