import { setTimeout as delay } from 'node:timers/promises';
import { settledAllocations } from '@rookery/client/engine/audio/testing/allocatedBytes';
import { HeardPlugins } from '@rookery/client/engine/audio/plugins/heardPlugins';
import { soundPluginLimits } from '@rookery/client/engine/audio/plugins/soundPluginLimits';
import {
  SoundPluginThread,
  type SoundPluginCounts,
} from '@rookery/client/engine/audio/plugins/soundPluginThread';
import { VoicePlugins } from '@rookery/client/engine/audio/plugins/voicePlugins';
import { SoundModule } from '@rookery/plugins/sound/soundModule';
import type { SoundUse } from '@rookery/plugins/sound/soundUse';
import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import { frameSamples } from '@rookery/schemas/voicePacket';
import { median, quantile } from '../statistics.js';

/** What sound waits for a plugin, in milliseconds each time. */
export interface ExchangeRun {
  readonly what: string;
  /** Of the plugin itself, called in the thread of sound. */
  readonly ownMs: number;
  readonly times: number;
  /** There and back without that: of half of the frames or steps, and of most. */
  readonly beyondMsP50: number;
  readonly beyondMsP90: number;
  readonly beyondMsP99: number;
  readonly counts: SoundPluginCounts;
}

/** What a plugin that never comes back costs. */
export interface SpinRun {
  /** Of the frame that met it: until that went on as it was. */
  readonly firstFrameMs: number;
  /** Of the frames after it, the longest. */
  readonly laterFrameMs: number;
  /** Frames until it was switched off. */
  readonly frames: number;
  /** Frames that did not go on exactly as they were. */
  readonly framesChanged: number;
}

/** What takes long is measured, and not passed by. */
const patient = { deadlineMs: 1_000 };
const warmUpFrames = 50;

const nobody = { takeFrame: () => undefined };

/** A frame of the own voice each 20 ms. */
export async function voiceExchange(frames: number): Promise<ExchangeRun> {
  const wasm = soundWasm(soundBodies.gain(0.99));
  const thread = await SoundPluginThread.start(wasm, 'capture', patient);
  const plugins = new VoicePlugins(nobody);
  plugins.use([thread.memory]);
  const pcm = new Float32Array(frameSamples).fill(0.5);
  const pass = (): void => plugins.takeFrame(pcm, 0, false, 0);
  const waitedMs = await paced(pass, frames, 20);
  const { counts } = thread;
  await thread.close();
  const ownMs = ownMsOf(wasm, 'capture', frameSamples);
  return { what: 'own voice', ...beyond(waitedMs, ownMs), counts };
}

/** A step of 10 ms of several speakers. */
export async function heardExchange(speakers: number, steps: number): Promise<ExchangeRun> {
  const wasm = soundWasm(soundBodies.silence, { use: 'perSpeaker' });
  const thread = await SoundPluginThread.start(wasm, 'perSpeaker', patient);
  const plugins = new HeardPlugins();
  plugins.use([thread.memory]);
  const talkers = Array.from({ length: speakers }, (_, slot) => ({
    ...{ slot, isHeard: true, pcm: new Float32Array(frameSamples / 2) },
  }));
  const waitedMs = await paced(() => plugins.change(talkers), steps, 10);
  const { counts } = thread;
  await thread.close();
  const ownMs = speakers * ownMsOf(wasm, 'perSpeaker', frameSamples / 2);
  return { what: `${speakers} speakers`, ...beyond(waitedMs, ownMs), counts };
}

/** A plugin that spins for ever, with the usual deadline, while somebody speaks without a pause. */
export async function spin(): Promise<SpinRun> {
  const thread = await SoundPluginThread.start(soundWasm(soundBodies.spin), 'capture');
  const said = Float32Array.from({ length: frameSamples }, (_, i) => Math.sin(i / 9) / 2);
  const heard = new Float32Array(frameSamples);
  const plugins = new VoicePlugins({ takeFrame: (pcm) => heard.set(pcm) });
  plugins.use([thread.memory]);
  const tookMs: number[] = [];
  let framesChanged = 0;
  while (thread.counts.late < soundPluginLimits.faultsMax) {
    heard.fill(0);
    const startMs = performance.now();
    plugins.takeFrame(said.slice(), 0, false, 0);
    tookMs.push(performance.now() - startMs);
    if (heard.some((sample, i) => sample !== said[i])) framesChanged++;
    await delay(20);
  }
  await thread.close();
  const [firstFrameMs = NaN, ...later] = tookMs;
  return { firstFrameMs, laterFrameMs: Math.max(...later), frames: tookMs.length, framesChanged };
}

/** Bytes a frame, in the thread of sound. */
export async function exchangeAllocation(): Promise<number> {
  const wasm = soundWasm(soundBodies.gain(0.99));
  const thread = await SoundPluginThread.start(wasm, 'capture', patient);
  const plugins = new VoicePlugins(nobody);
  plugins.use([thread.memory]);
  const pcm = new Float32Array(frameSamples);
  const { bytesPerStep } = settledAllocations(() => plugins.takeFrame(pcm, 0, false, 0));
  await thread.close();
  return bytesPerStep;
}

function beyond(waitedMs: readonly number[], ownMs: number) {
  const at = (share: number): number => quantile(waitedMs, share) - ownMs;
  const quantiles = { beyondMsP50: at(0.5), beyondMsP90: at(0.9), beyondMsP99: at(0.99) };
  return { ownMs, times: waitedMs.length, ...quantiles };
}

async function paced(pass: () => void, times: number, everyMs: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let at = 0; at < warmUpFrames + times; at++) {
    await delay(everyMs);
    const startMs = performance.now();
    pass();
    if (at >= warmUpFrames) tookMs.push(performance.now() - startMs);
  }
  return tookMs;
}

function ownMsOf(wasm: Uint8Array, use: SoundUse, samples: number): number {
  const module = new SoundModule(wasm, use);
  const tookMs = Array.from({ length: 2_000 }, () => {
    const startMs = performance.now();
    module.process(0, samples);
    return performance.now() - startMs;
  });
  return median(tookMs);
}
