import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import type { SoundUse } from '@rookery/plugins/sound/soundUse';
import { frameSamples } from '@rookery/schemas/voicePacket';
import { afterEach, describe, expect, test } from 'vitest';
import { soundPluginLimits } from './soundPluginLimits.js';
import { SoundPluginLine } from './soundPluginLine.js';
import { soundPluginTable } from './soundPluginTable.js';
import { SoundPluginThread } from './soundPluginThread.js';

const { gain, grow, notANumber, nothing, recurse, spin, trap, whenLoud, writeSlot } = soundBodies;

/** Longer than a busy machine makes anything wait that is to come. */
const patientMs = 10_000;
/** For what never comes. */
const hastyMs = 1;

const running: SoundPluginThread[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((thread) => thread.close()));
});

interface Staging {
  readonly deadlineMs?: number;
  readonly use?: SoundUse;
}

async function start(
  body: readonly number[],
  { deadlineMs = patientMs, use = 'capture' }: Staging = {},
) {
  const thread = await SoundPluginThread.start(soundWasm(body, { use }), use, { deadlineMs });
  running.push(thread);
  return { thread, line: new SoundPluginLine(thread.memory) };
}

/** One frame of the own voice there and back. @returns what is sent */
function pass(line: SoundPluginLine, level: number): Float32Array {
  const pcm = new Float32Array(frameSamples).fill(level);
  if (!line.begin(frameSamples)) return pcm;
  line.add(0, pcm, 0);
  if (line.exchange()) line.take(pcm, 0);
  return pcm;
}

const all = (level: number): Float32Array => new Float32Array(frameSamples).fill(level);

/** Until the plugin has done what it was asked, however late. */
async function caughtUp({ memory }: SoundPluginThread): Promise<void> {
  const { asked, done } = soundPluginTable.attach(memory.table).columns;
  while (done.load(0) !== asked.load(0)) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('sound that goes through a plugin', () => {
  test('comes back changed in place, frame by frame', async () => {
    const { thread, line } = await start(gain(0.5));
    for (const level of [0.5, -0.25, 0.125]) expect(pass(line, level)).toEqual(all(level / 2));
    expect(thread.counts).toEqual({ exchanges: 3, late: 0, trapped: 0 });
    expect(thread.look()).toBeNull();
  });

  test('of several speakers goes at once, each with its slot', async () => {
    const { line } = await start(writeSlot, { use: 'perSpeaker' });
    const speakers = [3, 0, 7].map((slot) => ({ slot, pcm: new Float32Array(480) }));
    expect(line.begin(480)).toBe(true);
    for (const { slot, pcm } of speakers) line.add(slot, pcm, 0);
    expect(line.exchange()).toBe(true);
    for (const { pcm } of speakers) line.take(pcm, 0);
    // A sample has nothing above 1.
    expect(speakers.map(({ pcm }) => pcm[0])).toEqual([1, 0, 1]);
    expect(speakers.map(({ pcm }) => pcm[1])).toEqual([0, 0, 0]);
  });

  test('never comes back as what is no number, or louder than full scale', async () => {
    const broken = await start(notANumber);
    expect(pass(broken.line, 0.5)[0]).toBe(0);
    const loud = await start(gain(40));
    expect(pass(loud.line, 0.5)).toEqual(all(1));
    expect(pass(loud.line, -0.5)).toEqual(all(-1));
  });

  test('goes on where the plugin takes all memory it may have', async () => {
    const { thread, line } = await start([...grow, ...gain(0.5)]);
    for (let frame = 0; frame < 5; frame++) expect(pass(line, 0.5)).toEqual(all(0.25));
    expect(thread.counts.trapped).toBe(0);
  });
});

test('a plugin is told of keys with the next sound: of each press, and of none twice', async () => {
  const { countDown, sayKeys } = soundBodies;
  const wasm = soundWasm(sayKeys, { onKey: countDown });
  const thread = await SoundPluginThread.start(wasm, 'capture', { deadlineMs: patientMs });
  running.push(thread);
  const line = new SoundPluginLine(thread.memory);
  expect(pass(line, 0.5)[0]).toBe(0);
  for (const isDown of [true, true, false, true]) thread.key(7, isDown);
  for (let frame = 0; frame < 2; frame++) expect(pass(line, 0.5)[0]).toBe(0.25);
  thread.key(0, true);
  expect(pass(line, 0.5)[0]).toBe(0.375);
  // More than anybody presses is not all told.
  for (let edge = 0; edge < 1_001; edge++) thread.key(1, edge % 2 === 0);
  expect(pass(line, 0.5)[0]).toBe(1);
  expect(thread.counts).toMatchObject({ late: 0, trapped: 0 });
});

describe.each([
  ['breaks down', trap],
  ['calls itself for ever', recurse],
])('a plugin that %s', (_what, body) => {
  test('leaves the frame as it was, and changes the next', async () => {
    const { thread, line } = await start([...whenLoud(body), ...gain(0.5)]);
    expect(pass(line, 0.5)).toEqual(all(0.25));
    expect(pass(line, 0.95)).toEqual(all(0.95));
    expect(pass(line, 0.5)).toEqual(all(0.25));
    expect(thread.counts).toMatchObject({ late: 0, trapped: 1 });
  });

  test('is switched off when it did so again and again', async () => {
    const { thread, line } = await start(body);
    for (let frame = 0; frame < soundPluginLimits.faultsMax; frame++) {
      expect(thread.look()).toBeNull();
      expect(pass(line, 0.5)).toEqual(all(0.5));
    }
    expect(thread.look()).toBe('trapped');
    expect(line.begin(frameSamples)).toBe(false);
    expect(thread.counts.trapped).toBe(soundPluginLimits.faultsMax);
  });
});

describe('a plugin that spins for ever', () => {
  test('is waited for once, and then not again', async () => {
    const { thread, line } = await start(spin, { deadlineMs: hastyMs });
    expect(pass(line, 0.5)).toEqual(all(0.5));
    expect(thread.counts).toEqual({ exchanges: 1, late: 1, trapped: 0 });
    // Nothing is begun, so nothing is waited for.
    expect(line.begin(frameSamples)).toBe(false);
    expect(thread.counts).toEqual({ exchanges: 1, late: 2, trapped: 0 });
    const { faultsMax } = soundPluginLimits;
    for (let fault = 2; fault < faultsMax; fault++) expect(line.begin(frameSamples)).toBe(false);
    expect(thread.look()).toBe('late');
    await thread.close();
    await thread.ended;
  });

  test('is stuck also where nobody speaks meanwhile', async () => {
    const { thread, line } = await start(spin, { deadlineMs: hastyMs });
    pass(line, 0.5);
    const looks = Array.from({ length: 1 + soundPluginLimits.stuckLooksMax }, () => thread.look());
    expect(looks.at(-1)).toBe('stuck');
    expect(looks.slice(0, -1)).toEqual(Array(soundPluginLimits.stuckLooksMax).fill(null));
  });

  test('does not even start where it does so when it is loaded', async () => {
    const wasm = soundWasm(nothing, { start: spin });
    const starting = SoundPluginThread.start(wasm, 'capture', { startMsMax: 200 });
    await expect(starting).rejects.toMatchObject({ code: 'pluginFailed' });
  });
});

test('a frame that comes too late is left out, and the next is changed again', async () => {
  // Some tenths of a second.
  const slow = whenLoud(soundBodies.work(3e8));
  const { thread, line: hasty } = await start([...slow, ...gain(0.5)], { deadlineMs: hastyMs });
  expect(pass(hasty, 0.95)).toEqual(all(0.95));
  expect(thread.counts).toMatchObject({ late: 1, trapped: 0 });
  await caughtUp(thread);
  // What came too late is not taken for the next.
  expect(pass(new SoundPluginLine({ ...thread.memory, deadlineMs: patientMs }), 0.5)).toEqual(
    all(0.25),
  );
});

test('a module whose buffer lies outside of its memory does not start', async () => {
  const wasm = soundWasm(nothing, { bufferAt: 2 ** 30 });
  const starting = SoundPluginThread.start(wasm, 'capture');
  await expect(starting).rejects.toThrow(/buffer does not lie in its memory/);
});
