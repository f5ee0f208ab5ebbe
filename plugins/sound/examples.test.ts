import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPlugin } from '../buildPlugin.js';
import { checkSoundModule, SoundModule } from './soundModule.js';

/** Seen from the compiled file. */
const examples = fileURLToPath(new URL('../../../examples/plugins/', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-plugins-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function built(name: string): Promise<SoundModule> {
  const { module, manifest } = await buildPlugin(join(examples, name), join(folder, name));
  const use = manifest.sound!;
  checkSoundModule(module, use, manifest.keys);
  return new SoundModule(module, use);
}

const tone = (hz: number, at: number): number => 0.3 * Math.sin((2 * Math.PI * hz * at) / 48_000);

/** Amplitude of one frequency in it. */
function amplitude(samples: Float32Array, hz: number): number {
  let [cos, sin] = [0, 0];
  for (const [at, sample] of samples.entries()) {
    cos += sample * Math.cos((2 * Math.PI * hz * at) / 48_000);
    sin += sample * Math.sin((2 * Math.PI * hz * at) / 48_000);
  }
  return (2 * Math.hypot(cos, sin)) / samples.length;
}

test('the robot voice says nothing at the height at which it was said, but beside it', async () => {
  const robot = await built('robot-voice');
  // A second, once the echo has begun to ring.
  const said = new Float32Array(70 * 960);
  for (let at = 0; at < said.length; at += 960) {
    for (let i = 0; i < 960; i++) robot.pcm[i] = tone(1_000, at + i);
    robot.process(0, 960);
    said.set(robot.pcm, at);
  }
  const settled = said.subarray(20 * 960);
  expect(amplitude(settled, 1_000)).toBeLessThan(0.003);
  expect(amplitude(settled, 945)).toBeGreaterThan(0.1);
  expect(amplitude(settled, 1_055)).toBeGreaterThan(0.1);
  expect(Math.max(...settled)).toBeLessThan(1);
});

test('the robot voice goes away with its key, and comes back with it', async () => {
  const robot = await built('robot-voice');
  const passes = (): boolean => {
    robot.pcm.fill(0.5);
    robot.process(0, 960);
    return robot.pcm.every((sample) => sample === 0.5);
  };
  const press = (): void => [true, false].forEach((isDown) => robot.key(0, isDown));
  expect(passes()).toBe(false);
  press();
  expect(passes()).toBe(true);
  press();
  expect(passes()).toBe(false);
});

test('auto-duck turns music down while somebody speaks, and nobody else', async () => {
  const duck = await built('auto-duck');
  const powers = { music: [] as number[], speech: [] as number[] };
  const hear = (slot: number, hz: number, step: number): number => {
    for (let i = 0; i < 480; i++) duck.pcm[i] = tone(hz, step * 480 + i);
    duck.process(slot, 480);
    return amplitude(duck.pcm.subarray(0, 480), hz);
  };
  for (let step = 0; step < 1_300; step++) {
    // Somebody speaks for a second, before the music is known for music and after.
    const isSpeaking = (step >= 200 && step < 300) || (step >= 1_000 && step < 1_100);
    duck.beginStep(isSpeaking ? 2 : 1);
    powers.music.push(hear(3, 500, step));
    if (isSpeaking) powers.speech.push(hear(0, 700, step));
  }
  expect(powers.music[250]).toBeCloseTo(0.3, 2);
  expect(powers.music[999]).toBeCloseTo(0.3, 2);
  expect(powers.music[1_090]).toBeCloseTo(0.06, 2);
  expect(powers.music[1_299]).toBeCloseTo(0.3, 2);
  expect(Math.min(...powers.speech)).toBeCloseTo(0.3, 2);
});
