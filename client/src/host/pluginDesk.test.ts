import { readFile, writeFile } from 'node:fs/promises';
import { moduleHash } from '@rookery/plugins/examineModule';
import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SoundPlugins } from '../engine/audio/plugins/soundPlugins.js';
import { initialState } from '../engine/engineState.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { PluginDesk } from './pluginDesk.js';
import { soundManifest } from './testing/soundManifest.js';

const { gain, nothing, trap } = soundBodies;

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(() => scratch.remove());

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const unsent = () => Promise.reject(new Error('nothing is sent'));

/** A desk whose sound goes nowhere: plugins run, and nothing goes through them. */
async function openDesk(profile: string) {
  const sound = new SoundPlugins();
  const nowhere = { setPlugins: () => undefined };
  sound.attach({ capture: nowhere, playback: nowhere });
  const told = { changes: 0, removed: [] as string[] };
  const engine = { state: initialState, subscribe: () => () => undefined, sendMessage: unsent };
  const desk = new PluginDesk({
    ...{ profileFolder: scratch.in(profile), engine, sound, wallClockMs: () => 1_700_000_000_000 },
    onChange: () => told.changes++,
    onRemoved: (name) => Promise.resolve(void told.removed.push(name)),
  });
  await desk.open();
  open.push(async () => {
    await desk.close();
    sound.attach(null);
    await sound.settled();
  });
  return { desk, sound, told };
}

const robot = soundWasm(gain(0.5));
const agreed = { sha256: moduleHash(robot), permissions: ['sound'] as const };
const agreement = { ...agreed, permissions: [...agreed.permissions] };

test('a plugin does nothing before somebody agreed to what it wants', async () => {
  const { desk, told } = await openDesk('agreed');
  expect(await desk.install(soundManifest('robot', robot), robot)).toBe('robot');
  expect(desk.state.installed).toMatchObject([
    {
      ...{ name: 'robot', isApproved: false, isEnabled: false, offReason: null },
      ...{ permissions: ['sound'], sound: 'capture' },
    },
  ]);
  expect(desk.report('robot').sound).toBeNull();
  await desk.approve('robot', agreement);
  expect(desk.state.installed).toMatchObject([{ isApproved: true, isEnabled: true }]);
  expect(desk.report('robot').sound).toEqual({ exchanges: 0, late: 0, trapped: 0 });
  expect(desk.report('robot').log.map(({ text }) => text)).toEqual([
    ...['version 1.0.0 was installed', 'approved, and switched on'],
  ]);
  await desk.setEnabled('robot', false);
  expect(desk.state.installed).toMatchObject([{ isApproved: true, isEnabled: false }]);
  expect(desk.report('robot').sound).toBeNull();
  expect(told.changes).toBeGreaterThan(3);
});

test('it is on again with the next start, and another module of its name asks again', async () => {
  const first = await openDesk('kept');
  await first.desk.install(soundManifest('robot', robot), robot);
  await first.desk.approve('robot', agreement);
  const { desk } = await openDesk('kept');
  expect(desk.report('robot').sound).not.toBeNull();
  const other = soundWasm(gain(0.25));
  await desk.install(soundManifest('robot', other), other);
  expect(desk.state.installed).toMatchObject([{ isApproved: false, isEnabled: false }]);
  expect(desk.report('robot').sound).toBeNull();
  const approving = desk.approve('robot', agreement);
  await expect(approving).rejects.toMatchObject({ code: 'pluginRefused' });
  await desk.remove('robot');
  expect(desk.state.installed).toEqual([]);
});

test('a module that was exchanged on the disk is not run, and said to be another', async () => {
  const first = await openDesk('exchanged');
  await first.desk.install(soundManifest('robot', robot), robot);
  await first.desk.approve('robot', agreement);
  await writeFile(scratch.in('exchanged', 'plugins', 'robot', 'plugin.wasm'), soundWasm(nothing));
  const { desk } = await openDesk('exchanged');
  expect(desk.report('robot').sound).toBeNull();
  expect(desk.state.installed).toMatchObject([{ isEnabled: false }]);
  expect(desk.state.ends).toMatchObject([{ name: 'robot' }]);
  expect(desk.state.ends[0]!.reason).toContain('sha256');
});

test('one that fails is switched off, told until that was read, and may try again', async () => {
  const { desk, sound } = await openDesk('fails');
  const broken = soundWasm(nothing, { start: trap });
  await desk.install(soundManifest('broken', broken), broken);
  await desk.approve('broken', { ...agreement, sha256: moduleHash(broken) });
  await expect.poll(() => desk.state.ends).toEqual([{ name: 'broken', reason: 'unstartable' }]);
  expect(desk.state.installed).toMatchObject([{ isEnabled: false, offReason: 'unstartable' }]);
  expect(desk.report('broken').log.at(-1)).toMatchObject({ level: 'error' });
  desk.dismissEnds();
  expect(desk.state.ends).toEqual([]);
  await desk.setEnabled('broken', true);
  await sound.settled();
  await expect.poll(() => desk.state.ends).toEqual([{ name: 'broken', reason: 'unstartable' }]);
});

test('keys go to the plugin that changes sound, by their place in its manifest', async () => {
  const { desk, sound, told } = await openDesk('keys');
  const wasm = soundWasm(nothing, { onKey: nothing });
  const key = (name: string): string => `[[keys]]\nname = "${name}"\ntitle = "${name}"\n`;
  const text = soundManifest('robot', wasm).replace('["sound"]', '["sound", "keys"]');
  await desk.install(text + key('one') + key('two'), wasm);
  const permissions = ['sound', 'keys'] as const;
  await desk.approve('robot', { sha256: moduleHash(wasm), permissions: [...permissions] });
  const pressed: unknown[] = [];
  sound.key = (plugin, at, isDown) => void pressed.push([plugin.name, at, isDown]);
  desk.key({ plugin: 'robot', name: 'two' }, true);
  desk.key({ plugin: 'other', name: 'two' }, true);
  expect(pressed).toEqual([['robot', 1, true]]);
  // The same module with other keys is told of those.
  await desk.install(text + key('two'), wasm);
  desk.key({ plugin: 'robot', name: 'two' }, false);
  expect(pressed.at(-1)).toEqual(['robot', 0, false]);
  await desk.remove('robot');
  expect(told.removed).toEqual(['robot']);
});

const bytes = new Uint8Array(9);
test.each([
  ['no manifest', 'name = 3', robot, /plugin.toml is broken/],
  ['another module', soundManifest('robot', soundWasm(nothing)), robot, /sha256/],
  ['no module', soundManifest('robot', bytes), bytes, /no module/],
] as const)(
  '%s is refused in words, and nothing is installed',
  async (_what, text, wasm, words) => {
    const { desk } = await openDesk('refused');
    const installing = desk.install(text, wasm);
    await expect(installing).rejects.toMatchObject({ code: 'pluginRefused' });
    await expect(installing).rejects.toThrow(words);
    expect(desk.state.installed).toEqual([]);
    await expect(readFile(scratch.in('refused', 'plugins', 'robot'))).rejects.toThrow(/ENOENT/);
  },
);
