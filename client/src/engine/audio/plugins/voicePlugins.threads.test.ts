import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import { afterEach, expect, test } from 'vitest';
import { CapturePathStage } from '../capture/testing/capturePathStage.js';
import { SoundPluginThread } from './soundPluginThread.js';
import { VoicePlugins } from './voicePlugins.js';

const { gain, spin } = soundBodies;

const running: SoundPluginThread[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((thread) => thread.close()));
});

async function started(body: readonly number[], deadlineMs = 10_000): Promise<SoundPluginThread> {
  const thread = await SoundPluginThread.start(soundWasm(body), 'capture', { deadlineMs });
  running.push(thread);
  return thread;
}

test.each([480, 960, 1_920, 2_880])('all %d samples of a frame are changed', async (samples) => {
  const threads = await Promise.all([started(gain(0.5)), started(gain(0.5))]);
  const sent: Float32Array[] = [];
  const plugins = new VoicePlugins({ takeFrame: (pcm) => void sent.push(pcm.slice()) });
  plugins.use(threads.map(({ memory }) => memory));
  plugins.takeFrame(new Float32Array(samples).fill(0.8), 0, false, 0);
  expect(sent).toEqual([new Float32Array(samples).fill(0.2)]);
});

const tone = Float32Array.from({ length: 48_000 }, (_s, i) => 0.5 * Math.sin(i / 9));

test('plugins are the last before Opus, and others hear how loud they made it', async () => {
  const { memory } = await started(gain(0.01));
  const stage = new CapturePathStage({
    ...{ mode: 'continuous', isGainControlOn: false, isNoiseSuppressorOn: false },
  });
  const usual = stage.capture(tone).at(-1)!;
  stage.path.setPlugins([memory]);
  const changed = stage.capture(tone).at(-1)!;
  expect(changed.level).toBeLessThan(usual.level);
  stage.path.setPlugins([]);
  expect(stage.capture(tone).at(-1)!.level).toBe(usual.level);
});

test('what is said goes out as it is, and in time, past a plugin that spins', async () => {
  const { memory, counts } = await started(spin, 1);
  expect(counts.late).toBe(0);
  const stage = new CapturePathStage({ mode: 'continuous' });
  const plain = stage.capture(tone);
  const other = new CapturePathStage({ mode: 'continuous' });
  other.path.setPlugins([memory]);
  expect(other.capture(tone).map(({ payload }) => payload)).toEqual(
    plain.map(({ payload }) => payload),
  );
  expect(running[0]!.counts).toMatchObject({ exchanges: 1 });
  expect(running[0]!.look()).toBe('late');
});
