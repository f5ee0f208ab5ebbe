import { writeFile } from 'node:fs/promises';
import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import { openEngine, type Engine } from '../../engine.js';
import { openFileDevice } from '../device/fileDevice.js';
import type { SoundPlugin, SoundPluginEnd } from '../plugins/soundPlugins.js';
import { wavFile } from '../testing/wavFile.js';
import { cleanCapture, untilState } from './testing/untilState.js';

let scratch: ScratchFolder;
let engine: Engine;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  const tone = Float32Array.from({ length: 48_000 }, (_s, i) => 0.5 * Math.sin(i / 9));
  await writeFile(scratch.in('tone.wav'), wavFile(tone));
});
afterEach(() => engine.close());
afterAll(() => scratch.remove());

/** Sound that never stops, without a server. @returns told of plugins that are given up */
async function speak(): Promise<SoundPluginEnd[]> {
  engine = openEngine({
    profileFolder: scratch.in('profile'),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
    audio: {
      open: () => openFileDevice({ inPath: scratch.in('tone.wav'), outPath: null, repeat: 'loop' }),
    },
  });
  engine.sound.configure(cleanCapture);
  engine.sound.start();
  await untilState(engine, 'capturing', ({ audio }) => audio.capture.frames > 0);
  const ends: SoundPluginEnd[] = [];
  engine.sound.plugins.subscribe((end) => ends.push(end));
  return ends;
}

const pluginOf = (
  name: string,
  body: readonly number[],
  start?: readonly number[],
): SoundPlugin => ({
  ...{ name, sha256: name, use: 'capture', keys: [] },
  wasm: soundWasm(body, start === undefined ? {} : { start }),
});

/** Sound has gone to a plugin. */
function isAsked(plugin: SoundPlugin): Promise<void> {
  const { plugins } = engine.sound;
  return untilState(engine, 'asked', () => plugins.countsOf(plugin).exchanges > 0);
}

/** Frames go on. */
async function goesOn(): Promise<void> {
  const { frames } = engine.state.audio.capture;
  await untilState(engine, 'capturing', ({ audio }) => audio.capture.frames > frames + 10);
  expect(engine.state.audio.problem).toBeNull();
}

test('a plugin runs while there is sound, and as long as it is wanted', async () => {
  const ends = await speak();
  const { plugins } = engine.sound;
  const robot = pluginOf('robot', soundBodies.gain(0.5));
  plugins.run([robot]);
  await isAsked(robot);
  plugins.run([]);
  await plugins.settled();
  expect(plugins.countsOf(robot).exchanges).toBe(0);
  plugins.run([robot]);
  await engine.sound.stop();
  expect(plugins.countsOf(robot).exchanges).toBe(0);
  engine.sound.start();
  await isAsked(robot);
  expect(ends.filter(({ fault }) => fault !== 'late')).toEqual([]);
});

test('plugins that fail are given up and told, and the sound goes on', async () => {
  const ends = await speak();
  const { plugins } = engine.sound;
  const spinning = pluginOf('spinning', soundBodies.spin);
  const broken = pluginOf('broken', soundBodies.trap);
  const unstartable = pluginOf('unstartable', soundBodies.nothing, soundBodies.trap);
  plugins.run([spinning, broken, unstartable]);
  while (ends.length < 3) await goesOn();
  await plugins.settled();
  const faults = new Map(ends.map(({ plugin, fault }) => [plugin.name, fault]));
  expect(faults.get('broken')).toBe('trapped');
  expect(faults.get('unstartable')).toBe('unstartable');
  expect(['late', 'stuck']).toContain(faults.get('spinning'));
  await goesOn();
  // The same wish again is no new try.
  plugins.run([spinning, broken, unstartable]);
  await plugins.settled();
  expect(ends).toHaveLength(3);
});
