import { afterEach, expect, test } from 'vitest';
import { audioOff } from '../engine/audioState.js';
import type { State } from '../engine/engineState.js';
import type { KeyBinding } from '../keys/keyCombination.js';
import type { KeyScript } from '../testing/scriptedKeysProcess.js';
import { actOnVoice, KeyActions } from './keyActions.js';
import { faceSettings } from './faceSettings.js';

const entry = new URL('../testing/scriptedKeysProcess.js', import.meta.url);
const bindings: KeyBinding[] = [{ action: 'pushToTalk', key: 'KeyV' }];

/** Processes take their time to start on a busy machine. */
const eventually = { timeout: 40_000 };

let keys: KeyActions;
let done: string[];
afterEach(() => keys.close());

function openKeys(): KeyActions {
  done = [];
  keys = new KeyActions(
    (action, isDown) => done.push(`${action} ${isDown ? 'down' : 'up'}`),
    () => undefined,
  );
  keys.bind(bindings);
  return keys;
}

function startGlobal(script: KeyScript): void {
  const env = { ...process.env, DISPLAY: ':0', WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: 'x11' };
  const withScript = { ...env, ROOKERY_TEST_KEYS: JSON.stringify(script) };
  keys.start({ entry, platform: 'linux', env: withScript });
  keys.bind(bindings);
}

test('a key of any window acts once, also where a window saw it', async () => {
  openKeys();
  startGlobal({ strokes: [['KeyV', true]] });
  await expect.poll(() => keys.state.phase, eventually).toBe('global');
  await expect.poll(() => done, eventually).toEqual(['pushToTalk down']);
  keys.fromWindow('toggleMute', true);
  expect(done).toEqual(['pushToTalk down']);
});

test('a key that is down goes up when the process that saw it dies', async () => {
  openKeys();
  startGlobal({ strokes: [['KeyV', true]], dies: true });
  await expect
    .poll(() => done.slice(0, 2), eventually)
    .toEqual(['pushToTalk down', 'pushToTalk up']);
});

test('letters do nothing anywhere while one writes in a window; function keys do', async () => {
  openKeys();
  const window = {};
  keys.ofWindow(window).writing(true);
  const strokes = ['KeyV', 'F5'].flatMap((code) => [[code, true] as const, [code, false] as const]);
  startGlobal({ strokes });
  const both: KeyBinding[] = [...bindings, { action: 'toggleMute', key: 'F5' }];
  keys.bind(both);
  await expect.poll(() => done, eventually).toContain('toggleMute down');
  expect(done).not.toContain('pushToTalk down');
  keys.windowGone(window);
  keys.bind(both);
  await expect.poll(() => done, eventually).toContain('pushToTalk down');
  expect(() => keys.ofWindow(window).writing('yes' as never)).toThrow();
});

test('without it a window acts, and what it holds ends when it is gone', () => {
  openKeys();
  keys.fromWindow('pushToTalk', true);
  keys.windowGone({});
  keys.windowGone({});
  expect(done).toEqual(['pushToTalk down', 'pushToTalk up']);
});

test('acts on the own voice', () => {
  openKeys();
  const calls: string[] = [];
  const note = (name: string) => (value: boolean) => void calls.push(`${name} ${value}`);
  const sound = {
    setKey: note('key'),
    setMuted: note('muted'),
    setDeafened: note('deafened'),
  };
  const settings = { ...audioOff.settings, mode: 'pushToTalk', isMuted: true } as const;
  const audio = { ...audioOff, settings };
  const target = { sound, state: { audio } as Pick<State, 'audio'> };
  for (const action of ['pushToTalk', 'toggleMute', 'toggleDeafen'] as const) {
    for (const isDown of [true, false]) actOnVoice(target, action, isDown);
  }
  expect(calls).toEqual(['key true', 'key false', 'muted false', 'deafened true']);
  const open = { ...target, state: { audio: audioOff } };
  actOnVoice(open, 'pushToTalk', true);
  expect(calls).toHaveLength(4);
});

test('settings of before keep their key', () => {
  const { keyBindings } = faceSettings.parse({ pushToTalkKey: 'F8' });
  expect(keyBindings).toEqual([{ action: 'pushToTalk', key: 'F8' }]);
  expect(faceSettings.parse({}).keyBindings).toHaveLength(1);
  const none = faceSettings.parse({ keyBindings: [] });
  expect(none.keyBindings).toEqual([]);
  const unknown = { keyBindings: [{ action: 'selfDestruct', key: 'KeyA' }] };
  expect(faceSettings.safeParse(unknown).success).toBe(false);
});
