import { expect, test } from 'vitest';
import { codesOf, bindingsOf } from './keyCombination.js';
import { keysInUse, pluginKeyAction, pluginKeyOf } from './pluginKeys.js';

const keyOf = (plugin: string, name: string, key: string) => ({ plugin, name, key });

test('the key of a plugin that is off or gone, or has no such action, is not watched', () => {
  const kept = {
    ...{ keyBindings: [], whisperLists: [] },
    pluginKeys: [
      ...[keyOf('robot', 'toggle', 'F5'), keyOf('robot', 'gone', 'F6')],
      ...[keyOf('off', 'toggle', 'F7'), keyOf('removed', 'toggle', 'F8')],
    ],
  };
  const toggle = { name: 'toggle', title: 'On or off' };
  const inUse = keysInUse(kept, [
    { name: 'robot', isEnabled: true, keys: [toggle] },
    { name: 'off', isEnabled: false, keys: [toggle] },
    { name: 'deaf', isEnabled: true, keys: [] },
  ]);
  expect(codesOf(bindingsOf(inUse))).toEqual(['F5']);
  expect(keysInUse(kept, []).pluginKeys).toEqual([]);
});

test("an action names its plugin, and the others' are no plugin's", () => {
  const of = { plugin: 'robot-voice', name: 'toggle' };
  expect(pluginKeyOf(pluginKeyAction(of))).toEqual(of);
  expect(pluginKeyOf('whisper:plugin')).toBeNull();
  expect(pluginKeyOf('toggleMute')).toBeNull();
});
