import { playbackTable } from '@rookery/client/engine/audio/playback/playbackTables';
import { startPlaybackThread } from '@rookery/client/engine/audio/playback/playbackThread';
import { SpscSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import { frameSamples } from '@rookery/schemas/voicePacket';
import { BenchError } from '../benchError.js';
import type { WorkCost } from './audioMessages.js';
import { deviceChannels, deviceFrames } from './captureRig.js';
import { standInDevice, threadCost, type ThreadRun } from './threadCost.js';

/** Distance of two speakers in what they say, in frames. */
const framesApart = 37;
const stepsPerFrame = 2;

/**
 * What the playback thread costs while `speakers` speak, half of them in each 10 ms.
 *
 * @param voices Opus frames of 20 ms of each
 * @throws BenchError `childFailed` where not all were heard
 */
export async function playbackThreadCost(
  voices: readonly (readonly Uint8Array[])[],
  speakers: number,
  run: ThreadRun,
): Promise<WorkCost> {
  const stream = standInDevice('output');
  const thread = await startPlaybackThread();
  thread.attach(stream);
  for (let token = 1; token <= speakers; token++) thread.addSpeaker(token, `Voice ${token}`);
  const device = new SpscSampleRing(stream.ring);
  const buffer = new Float32Array(deviceFrames * deviceChannels);
  const { speakersTalking } = playbackTable.attach(thread.table).columns;
  let [step, talking] = [0, 0];
  const sendFrom = (token: number): void => {
    const frame = Math.floor(step / stepsPerFrame);
    const voice = voices[token % voices.length]!;
    const payload = voice[(frame + token * framesApart) % voice.length]!;
    thread.push(token, frame, (frame * frameSamples) >>> 0, false, payload, 'room');
  };
  const name = `decode and mix ${speakers}, in the thread as it runs`;
  const cost = await threadCost(name, run, () => {
    for (let token = 1 + (step % 2); token <= speakers; token += 2) sendFrom(token);
    device.pop(buffer);
    device.header.wake();
    step++;
    talking = Math.max(talking, speakersTalking.load(0));
  });
  await thread.close();
  if (talking === speakers) return cost;
  const message = `${talking} of ${speakers} speakers were heard: is this machine too busy?`;
  throw new BenchError('childFailed', message);
}
