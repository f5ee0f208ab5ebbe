import { reportedSpeakersMax, type SpeakerLoss } from '@rookery/schemas/signalDatagram';
import { beforeEach, expect, it } from 'vitest';
import type { SpeakerStatistics } from '../../audioState.js';
import { initialState, type State } from '../../engineState.js';
import { LossReporter } from './lossReporter.js';
import { reportedPctAt } from './reportedLoss.js';

let sent: (readonly SpeakerLoss[])[];
let reporter: LossReporter;
beforeEach(() => {
  sent = [];
  reporter = new LossReporter((losses) => sent.push(losses));
});

type Heard = readonly [token: number, played: number, recovered: number, concealed: number];

/** Frames of 20 ms; concealed in steps of 10 ms. */
function hearing(...heard: readonly Heard[]): State {
  const speakers = heard.map(([token, framesPlayed, framesRecovered, framesConcealed]) => {
    const counts = { framesPlayed, framesRecovered, framesConcealed };
    return [token, counts as SpeakerStatistics] as const;
  });
  return { ...initialState, audio: { ...initialState.audio, speakers: new Map(speakers) } };
}

it('tells every five seconds what share of each voice got lost since', () => {
  reporter.follow(hearing([1, 80, 10, 20], [2, 100, 0, 0]), 0);
  reporter.follow(hearing([1, 160, 10, 20], [2, 100, 0, 0]), 4_999);
  expect(sent).toEqual([
    [
      [1, 20],
      [2, 0],
    ],
  ]);
  reporter.follow(hearing([1, 170, 20, 20], [2, 100, 0, 0]), 5_000);
  expect(sent[1]).toEqual([[1, 10]]);
});

it('sends nothing while nobody talks, and waits until there is enough to say', () => {
  reporter.follow(hearing(), 0);
  reporter.follow(hearing([1, 40, 0, 0]), 100);
  expect(sent).toEqual([]);
  reporter.follow(hearing([1, 45, 5, 0]), 200);
  reporter.follow(hearing([1, 45, 5, 0]), 60_000);
  expect(sent).toEqual([[[1, 10]]]);
});

it('begins anew with a thread that counts anew, and with who comes back', () => {
  reporter.follow(hearing([1, 1_000, 50, 0]), 0);
  reporter.follow(hearing([1, 75, 25, 0]), 10_000);
  reporter.follow(hearing(), 20_000);
  reporter.follow(hearing([1, 150, 50, 0]), 30_000);
  expect(sent.slice(1)).toEqual([[[1, 25]], [[1, 25]]]);
});

it('tells of no more than a report holds, and of the others next', () => {
  const all = Array.from({ length: reportedSpeakersMax + 3 }, (_, i): Heard => [i + 1, 100, 0, 0]);
  reporter.follow(hearing(...all), 0);
  reporter.follow(hearing(...all), 5_000);
  expect(sent.map(({ length }) => length)).toEqual([reportedSpeakersMax, 3]);
  expect(new Set(sent.flat().map(([token]) => token)).size).toBe(all.length);
});

it('a report of the own voice holds for a while, and fades when no other follows', () => {
  expect(reportedPctAt(null, 0)).toBe(0);
  const report = { lossPct: 40, atMs: 1_000 };
  const pcts = [1_000, 13_000, 18_000, 23_000].map((nowMs) => reportedPctAt(report, nowMs));
  expect(pcts).toEqual([40, 40, 20, 10]);
});
