import { SoundModule } from '@rookery/plugins/sound/soundModule';
import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import { frameSamples } from '@rookery/schemas/voicePacket';
import { expect, test } from 'vitest';
import { SpscSampleRing } from '../spscSampleRing.js';
import { settledAllocations } from '../testing/allocatedBytes.js';
import { noSlot } from '../voiceMixer.js';
import { HeardPlugins } from './heardPlugins.js';
import { createSoundPluginMemory, soundPluginTable } from './soundPluginTable.js';
import { SoundPluginThread } from './soundPluginThread.js';
import { SoundPluginWork } from './soundPluginWork.js';
import { VoicePlugins } from './voicePlugins.js';

const patient = { deadlineMs: 10_000 };
const { gain, nothing } = soundBodies;

test('the thread of sound allocates nothing for a frame that goes to a plugin', async () => {
  const voice = await SoundPluginThread.start(soundWasm(gain(0.9)), 'capture', patient);
  const wasm = soundWasm(nothing, { use: 'perSpeaker' });
  const heard = await SoundPluginThread.start(wasm, 'perSpeaker', patient);
  let frames = 0;
  const plugins = new VoicePlugins({ takeFrame: () => frames++ });
  plugins.use([voice.memory]);
  const heardPlugins = new HeardPlugins();
  heardPlugins.use([heard.memory]);
  const talkers = [0, 1, noSlot].map((slot) => ({
    ...{ slot, isHeard: slot !== 1, pcm: new Float32Array(frameSamples / 2) },
  }));
  const pcm = new Float32Array(2 * frameSamples);
  const { bytesPerStep, where } = settledAllocations(
    () => {
      plugins.takeFrame(pcm, 0, false, 0);
      heardPlugins.change(talkers);
    },
    { steps: 200, batches: 30 },
  );
  await Promise.all([voice.close(), heard.close()]);
  expect(bytesPerStep, JSON.stringify(where.slice(0, 8))).toBeLessThan(1);
  expect(frames).toBeGreaterThan(100);
});

test("the plugin's thread allocates nothing for a frame", () => {
  const memory = createSoundPluginMemory(1);
  const work = new SoundPluginWork(new SoundModule(soundWasm(gain(0.9)), 'capture'), memory);
  const [there, back] = [new SpscSampleRing(memory.there), new SpscSampleRing(memory.back)];
  const { columns } = soundPluginTable.attach(memory.table);
  columns.parts.store(0, 1);
  columns.samples.store(0, frameSamples);
  const part = new Float32Array(1 + frameSamples);
  const { bytesPerStep, where } = settledAllocations(() => {
    there.push(part);
    columns.asked.add(0, 1);
    work.answer();
    back.discard(frameSamples);
  });
  expect(bytesPerStep, JSON.stringify(where.slice(0, 8))).toBeLessThan(1);
  expect(columns.traps.load(0)).toBe(0);
});
