import { Worker } from 'node:worker_threads';
import type { AudioDevice, DeviceStream } from '@rookery/client/engine/audio/device/audioDevice';
import { openPortAudio } from '@rookery/client/engine/audio/device/portAudioDevice';
import { createSampleRing, SpscSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import { VirtualSound } from '@rookery/client/testing/virtualSound';
import { RingHeader } from '@rookery/schemas/ringHeader';
import { BenchError } from '../benchError.js';
import { answerRequests } from '../requestChannel.js';
import { ClickPlayer, untilSo } from './clickPlayer.js';
import type { FromEarProcess, ToEarProcess } from './earMessages.js';
import { stagesOf, type ClickEvents } from './earStages.js';
import type { WatchedRing } from './ringWatch.js';
import type { OnsetMessage, RingWatchData } from './ringWatchWorker.js';
import { VoiceWay } from './voiceWay.js';

/** Clicks before those that count, 22 s: a jitter buffer remembers for 20 s how it began. */
const warmUpClicks = 24;
const clickMsMax = 1_500;
const drainEveryMs = 50;

type Onsets = Record<Exclude<keyof ClickEvents, 'frames'>, number[]>;

answerRequests(async (request: ToEarProcess): Promise<FromEarProcess> => {
  const sound = await startSound();
  sound.enter();
  const device = openPortAudio();
  try {
    await sound.plugIn('headset');
    return await measure(device, request);
  } finally {
    await device.close();
    await sound.stop();
  }
});

async function startSound(): Promise<VirtualSound> {
  try {
    return await VirtualSound.start();
  } catch (cause) {
    throw new BenchError('unavailable', (cause as Error).message, { cause });
  }
}

/**
 * What is played to `speakers` is what the speaker's microphone hears; the listener's ear is
 * `headset`.
 */
async function measure(device: AudioDevice, request: ToEarProcess): Promise<FromEarProcess> {
  const { bufferMs } = request;
  const way = await VoiceWay.open(request);
  const output = await device.open('output', 'ALSA:headset', bufferMs);
  const input = await device.open('input', 'ALSA:speakers_mic', bufferMs);
  const [ear, overhearer] = [
    await device.open('input', 'ALSA:headset_mic', bufferMs),
    await device.open('input', 'ALSA:speakers_mic', bufferMs),
  ];
  const mouth = await device.open('output', 'ALSA:speakers', bufferMs);
  way.attach(input, output);
  const onsets: Onsets = {
    spoken: [],
    overheard: [],
    captured: [],
    rendered: [],
    taken: [],
    heard: [],
  };
  const endWatch = watch(onsets, [
    ringOf(mouth, 'spoken', 'taken'),
    ringOf(overhearer, 'overheard', 'captured'),
    ringOf(input, 'captured', 'captured'),
    ringOf(output, 'rendered', 'rendered'),
    ringOf(output, 'taken', 'taken'),
    ringOf(ear, 'heard', 'captured'),
  ]);
  const drained = setInterval(() => [ear, overhearer].forEach(drain), drainEveryMs);
  const player = new ClickPlayer(mouth);
  const wished = warmUpClicks + request.clicks;
  await untilSo(() => onsets.heard.length >= wished, wished * clickMsMax);
  const { reportedDelayMs } = way;
  player.stop();
  clearInterval(drained);
  await endWatch();
  await way.close();
  const clicks = stagesOf({ ...onsets, frames: way.frames }).slice(warmUpClicks);
  if (clicks.length > 0) return { clicks, reportedDelayMs };
  const counts = Object.entries(onsets).map(([name, list]) => `${name} ${list.length}`);
  throw new BenchError('childFailed', `No click was heard: ${counts.join(', ')}.`);
}

function ringOf(stream: DeviceStream, name: keyof Onsets, side: WatchedRing['side']): WatchedRing {
  return { name, side, buffer: stream.ring, channels: stream.channels };
}

/** @returns ends it */
function watch(onsets: Onsets, rings: readonly WatchedRing[]): () => Promise<void> {
  const control = createSampleRing(4);
  const workerData: RingWatchData = { rings, control };
  const worker = new Worker(new URL('./ringWatchWorker.js', import.meta.url), { workerData });
  worker.on('message', ({ name, atMs }: OnsetMessage) => onsets[name as keyof Onsets].push(atMs));
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return () => {
    new RingHeader(control).close();
    return ended;
  };
}

/** Whoever listens to it looks into the ring. */
function drain({ ring }: DeviceStream): void {
  const samples = new SpscSampleRing(ring);
  samples.discard(samples.capacity);
}
