import { beforeEach, expect, it } from 'vitest';
import { nothingWritten, type WritingState } from '../engine/audio/tools/writingState.js';
import { CopyTeller } from './copyTeller.js';

let told: string[];
let teller: CopyTeller;
beforeEach(() => {
  told = [];
  teller = new CopyTeller({ progress: (_, words) => void told.push(words) });
});

const writing: WritingState = { ...nothingWritten, phase: 'writing', path: 'here' };
const summary = { seconds: 1.25, speakers: [], dropped: 0 };

it('tells where it goes and what came of it, each once', () => {
  teller.follow({ dump: nothingWritten, recording: nothingWritten });
  teller.follow({ dump: writing, recording: { ...writing, phase: 'waiting' } });
  teller.follow({ dump: writing, recording: writing });
  teller.follow({ dump: writing, recording: { ...writing, phase: 'ending' } });
  teller.follow({ dump: writing, recording: { ...writing, phase: 'off', summary } });
  expect(told).toEqual([
    'dump to here',
    'recording to here; others are shown that you record',
    'recording to here: 1.3 s',
  ]);
});

it('tells what is missing, and what went wrong', () => {
  const problem = { code: 'outputUnwritable', message: 'the disk is full' } as const;
  teller.follow({ dump: writing, recording: writing });
  told = [];
  const lost = { ...writing, phase: 'off', summary: { ...summary, dropped: 3 } } as const;
  teller.follow({ dump: lost, recording: { ...writing, phase: 'off', problem } });
  expect(told).toEqual([
    'dump to here: 1.3 s, 3 pieces are missing',
    'recording to here: the disk is full',
  ]);
});
