import { isDeepStrictEqual } from 'node:util';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { AudioState, Loudness } from '../../audioState.js';
import {
  capturePoints,
  captureTable,
  levelDb,
  type CapturePoint,
} from '../capture/captureTable.js';
import {
  playbackTable,
  readPlayback,
  readSpeakers,
  speakerTable,
} from '../playback/playbackTables.js';

/** The tables in which the threads of sound say what they do. */
export interface MeterTables {
  /** `captureTable`. */
  readonly capture: SharedTableMemory;
  /** `playbackTable`. */
  readonly playback: SharedTableMemory;
  /** `speakerTable`. */
  readonly speakers: SharedTableMemory;
}

/** What a reading shows. */
export type Reading = Pick<
  AudioState,
  'isTransmitting' | 'levels' | 'speakers' | 'capture' | 'playback'
>;

/** Reads the tables of the threads of sound as the State shows them. One thread; allocates. */
export class SoundMeter {
  private readonly capture;
  private readonly playback;
  private readonly speakers;

  constructor(memory: MeterTables) {
    this.capture = captureTable.attach(memory.capture);
    this.playback = playbackTable.attach(memory.playback);
    this.speakers = speakerTable.attach(memory.speakers);
  }

  /** @param framesLate frames that were captured and dropped by this thread */
  read(framesLate: number): Reading {
    const { columns } = this.capture;
    const { outputRmsDbfs, ...playback } = readPlayback(this.playback);
    return {
      isTransmitting: columns.isTransmitting.load(0) === 1,
      levels: {
        capture: this.readChain(),
        voiceProbability: columns.voiceProbability.load(0) / 1_000,
        isClipping: columns.isClipping.load(0) === 1,
        outputRmsDbfs,
      },
      speakers: readSpeakers(this.speakers),
      capture: {
        frames: columns.frames.load(0),
        framesDropped: columns.framesDropped.load(0) + framesLate,
        samplesLost: columns.samplesLost.load(0),
      },
      playback,
    };
  }

  private readChain(): Readonly<Record<CapturePoint, Loudness>> {
    const { peaks, rms } = this.capture.columns;
    const loudness = capturePoints.map((point, index): [CapturePoint, Loudness] => [
      point,
      { peakDbfs: levelDb(peaks.load(0, index)), rmsDbfs: levelDb(rms.load(0, index)) },
    ]);
    return Object.fromEntries(loudness) as Record<CapturePoint, Loudness>;
  }
}

/**
 * What is different in a reading, or null where nothing is. What is the same stays the same object,
 * so that whoever compares has little to do. Pure.
 */
export function newsIn<All extends Reading>(reading: All, before: All): Partial<All> | null {
  const names = Object.keys(reading) as (keyof All)[];
  const changed = names.filter((name) => !isDeepStrictEqual(reading[name], before[name]));
  if (changed.length === 0) return null;
  const news = Object.fromEntries(changed.map((name) => [name, reading[name]])) as Partial<All>;
  if (!changed.includes('speakers')) return news;
  return { ...news, speakers: sameOrNew(reading.speakers, before.speakers) };
}

function sameOrNew(
  speakers: Reading['speakers'],
  before: Reading['speakers'],
): Reading['speakers'] {
  return new Map(
    [...speakers].map(([token, statistics]) => {
      const last = before.get(token);
      return [token, isDeepStrictEqual(statistics, last) ? last! : statistics];
    }),
  );
}
