import { expect, it } from 'vitest';
import { noChaos } from '../engine/audio/tools/chaos.js';
import { parseChaos } from './parseChaos.js';

it('reads some settings or all, in any order', () => {
  expect(parseChaos('loss=5')).toEqual({ ...noChaos, lossPct: 5 });
  expect(parseChaos('duplicate=1, jitter=30,delay=40,burst=2.5,loss=0.5,reorder=2')).toEqual({
    lossPct: 0.5,
    burstLength: 2.5,
    delayMs: 40,
    jitterMs: 30,
    reorderPct: 2,
    duplicatePct: 1,
  });
});

it.each([
  ['', '"" is no setting'],
  ['loss', '"loss" is no setting'],
  ['loss=', '"loss=" is no setting'],
  ['loss=-5', '"loss=-5" is no setting'],
  ['loss=5,', '"" is no setting'],
  ['toString=5', '"toString=5" is no setting'],
  ['lag=5', 'write some of loss=5,burst=3'],
  ['loss=5,loss=6', 'loss is there twice'],
  ['loss=101', 'give 0 to 100'],
  ['delay=5000', 'give 0 to 1000'],
])('refuses "%s" and says what is wrong', (text, words) => {
  expect(() => parseChaos(text)).toThrow(expect.objectContaining({ code: 'invalidInput' }));
  expect(() => parseChaos(text)).toThrow(words);
});
