import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { parseWav } from '../wav.js';
import { soundFileLimits } from './soundFileLimits.js';
import { SoundFiles, type SoundFilePlan } from './soundFiles.js';
import { TapRecords } from './testing/tapRecords.js';

const root = mkdtempSync(join(tmpdir(), 'rookery-sound-files-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
let folder: string;
let tap: TapRecords;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
  tap = new TapRecords(2 ** 18);
});

const inFolder = (...names: string[]): string => join(folder, ...names);

function open(plan: Partial<SoundFilePlan> = {}): SoundFiles {
  const paths = { mixPath: inFolder('mix.wav'), speakersFolder: inFolder('speakers') };
  return new SoundFiles({ tap: tap.memory, ...paths, streams: [], ...plan }, 1_000);
}

/** The first sample of each step of 10 ms, of one channel. */
function stepsOf(name: string, channel = 0): number[] {
  const path = inFolder(name);
  const { samples, audioChannels } = parseWav(readFileSync(path), path);
  const stride = 480 * audioChannels;
  return Array.from({ length: samples.length / stride }, (_, step) => {
    const values = new Set<number>();
    for (let i = channel; i < stride; i += audioChannels) values.add(samples[step * stride + i]!);
    expect(values.size, `${name}, step ${step}`).toBe(1);
    return [...values][0]! * 32_768;
  });
}

describe('files of what is heard', () => {
  it('are on one time line from the start to the end, silence included', () => {
    const files = open();
    tap.name(7, 'Ada');
    tap.voice(500, 7, 100);
    tap.mix(500, 100, 50);
    files.drain(1_030);
    tap.voice(501, 7, 200);
    tap.mix(501, 200, 100);
    tap.name(9, 'Bob');
    tap.voice(504, 9, -300);
    tap.mix(504, -300, -300);
    const summary = files.close(1_100);
    expect(stepsOf('mix.wav')).toEqual([0, 0, 0, 100, 200, 0, 0, -300, 0, 0]);
    expect(stepsOf('mix.wav', 1)).toEqual([0, 0, 0, 50, 100, 0, 0, -300, 0, 0]);
    expect(stepsOf('speakers/Ada.wav')).toEqual([0, 0, 0, 100, 200, 0, 0, 0, 0, 0]);
    expect(stepsOf('speakers/Bob.wav')).toEqual([0, 0, 0, 0, 0, 0, 0, -300, 0, 0]);
    expect(summary).toEqual({
      seconds: 0.1,
      speakers: [
        { displayName: 'Ada', fileName: 'Ada.wav' },
        { displayName: 'Bob', fileName: 'Bob.wav' },
      ],
      dropped: 0,
    });
  });

  it('are silence where nobody was heard', () => {
    expect(open().close(1_050)).toEqual({ seconds: 0.05, speakers: [], dropped: 0 });
    expect(stepsOf('mix.wav')).toEqual([0, 0, 0, 0, 0]);
    expect(readdirSync(inFolder('speakers'))).toEqual([]);
  });

  it('go on where the numbers of steps wrap', () => {
    const files = open();
    tap.mix(0xffff_ffff, 1, 1);
    tap.mix(0, 2, 2);
    tap.mix(1, 3, 3);
    files.close(1_000);
    expect(stepsOf('mix.wav')).toEqual([1, 2, 3]);
  });

  it('are apart for speakers of one name, and one for a speaker with two', () => {
    const files = open();
    tap.name(1, 'Ada');
    tap.voice(0, 1, 1);
    tap.name(2, 'Ada');
    tap.voice(0, 2, 2);
    tap.name(1, 'Eva');
    tap.voice(1, 1, 3);
    files.close(1_000);
    expect(stepsOf('speakers/Ada.wav')).toEqual([1, 3]);
    expect(stepsOf('speakers/Ada (2).wav')).toEqual([2, 0]);
  });

  it('are the mix alone where no more was asked for', () => {
    const files = open({ speakersFolder: null });
    tap.name(1, 'Ada');
    tap.voice(0, 1, 1);
    tap.mix(0, 1, 1);
    expect(files.close(1_000).speakers).toEqual([]);
    expect(readdirSync(folder)).toEqual(['mix.wav']);
  });

  it('are of so many speakers, and say what is missing', () => {
    tap = new TapRecords(2 ** 20);
    const files = open();
    for (let token = 1; token <= soundFileLimits.speakerFilesMax + 2; token++) {
      tap.name(token, `Speaker ${token}`);
      tap.voice(0, token, 1);
    }
    const { speakers, dropped } = files.close(1_000);
    expect(speakers).toHaveLength(soundFileLimits.speakerFilesMax);
    expect(dropped).toBe(2);
  });

  it('say what found no room in the ring', () => {
    tap = new TapRecords(2 ** 12);
    const files = open();
    expect([tap.mix(0, 1, 1), tap.mix(1, 2, 2), tap.mix(2, 3, 3)]).toEqual([true, true, false]);
    expect(files.close(1_000).dropped).toBe(1);
  });
});

describe('streams of samples', () => {
  it('are written as they came, from the start on', () => {
    const memory = createSampleRing(1_024);
    const ring = new SpscSampleRing(memory);
    ring.push(new Float32Array(480).fill(0.25));
    const files = open({ streams: [{ ring: memory, path: inFolder('raw.wav') }] });
    ring.push(new Float32Array(480).fill(0.5));
    files.drain(1_010);
    ring.push(new Float32Array(480).fill(2));
    ring.push(new Float32Array(480).fill(-1));
    ring.push(new Float32Array(480));
    expect(files.close(1_030).dropped).toBe(1);
    expect(stepsOf('raw.wav')).toEqual([16_384, 32_767, -32_768]);
  });
});

describe('what cannot be written', () => {
  it('is named when a folder is a file', () => {
    writeFileSync(inFolder('speakers'), '');
    expect(() => open()).toThrow(
      expect.objectContaining({
        code: 'outputUnwritable',
        message: expect.stringContaining(inFolder('speakers')) as string,
      }),
    );
  });

  it('is named when it is gone later, and all else is a whole file', () => {
    const files = open();
    rmSync(inFolder('speakers'), { recursive: true });
    tap.mix(0, 7, 7);
    tap.name(1, 'Ada');
    tap.voice(0, 1, 7);
    const unwritable = expect.objectContaining({ code: 'outputUnwritable' }) as Error;
    expect(() => files.drain(1_000)).toThrow(unwritable);
    files.abandon();
    files.abandon();
    expect(stepsOf('mix.wav')).toEqual([7]);
  });

  it.skipIf(!existsSync('/dev/full'))('is named when the disk is full', () => {
    const full = { ring: createSampleRing(1_024), path: '/dev/full' };
    expect(() => open({ streams: [full] })).toThrow(/cannot write "\/dev\/full": the disk is full/);
    // The mix was there already, and was closed.
    expect(readFileSync(inFolder('mix.wav'))).toHaveLength(44);
  });
});
