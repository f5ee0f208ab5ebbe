import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { SteppedOutput, SteppedPlayback } from '../playback/testing/steppedPlayback.js';
import { encodeSpeech } from '../testing/encodeSpeech.js';
import { speechLike } from '../testing/speechLike.js';
import { SoundPluginThread } from './soundPluginThread.js';

const payloads = encodeSpeech(speechLike(new SeededRandom(5), 2));

/** Lets one speak for two seconds. @returns power of what is played, second by second */
function play(atSecond: (playback: SteppedPlayback, second: number) => void): readonly number[] {
  const playback = new SteppedPlayback();
  const output = new SteppedOutput({ sampleRate: 48_000, channels: 2, bufferFrames: 480 });
  playback.addSpeaker(1);
  playback.command({ kind: 'attach', output: output.stream });
  let nowMs = 1_000_000;
  playback.loop.turn(nowMs);
  const powers = [0, 0, 0, 0];
  for (let step = 0; step < 400; step++) {
    nowMs += 10;
    if (step % 100 === 0) atSecond(playback, step / 100);
    const counter = step / 2;
    const payload = payloads[counter % payloads.length]!;
    if (step % 2 === 0) playback.push(1, counter, false, payload, nowMs - 3);
    output.take();
    playback.loop.turn(nowMs);
    const at = Math.floor(step / 100);
    powers[at] = output.buffer.reduce((sum, sample) => sum + sample ** 2, powers[at]!);
  }
  playback.free();
  return powers;
}

test('somebody is heard as a plugin changes them, while it runs', async () => {
  const quiet = soundWasm(soundBodies.silence, { use: 'perSpeaker' });
  const thread = await SoundPluginThread.start(quiet, 'perSpeaker', { deadlineMs: 10_000 });
  const plain = play(() => undefined);
  const changed = play((playback, second) => {
    const plugins = second === 1 || second === 2 ? [thread.memory] : [];
    playback.command({ kind: 'plugins', plugins });
  });
  await thread.close();
  expect(changed[0]).toBe(plain[0]);
  // What was made before the plugin came is played in its first steps.
  expect(changed[1]).toBeLessThan(plain[1]! / 4);
  expect(changed[2]).toBe(0);
  expect(changed[3]).toBeGreaterThan(plain[3]! / 4);
  expect(thread.counts.late).toBe(0);
});

test('all are heard as they speak past a plugin that spins', async () => {
  const wasm = soundWasm(soundBodies.spin, { use: 'perSpeaker' });
  const thread = await SoundPluginThread.start(wasm, 'perSpeaker', { deadlineMs: 1 });
  const plain = play(() => undefined);
  const passed = play((playback, second) => {
    if (second === 0) playback.command({ kind: 'plugins', plugins: [thread.memory] });
  });
  expect(thread.look()).toBe('late');
  await thread.close();
  expect(passed).toEqual(plain);
});
