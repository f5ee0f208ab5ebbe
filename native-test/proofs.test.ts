import { describe, expect, test } from 'vitest';
import { runProof } from './proof.js';
import { proofs } from './proofs.js';
import { findingOf } from './soundDeviceProof.js';

describe('on this machine', () => {
  test.each(proofs.map((proof) => [proof.part, proof] as const))(
    '%s works or says why it is not there',
    async (_part, proof) => {
      const report = await runProof(proof);
      expect(report.what).not.toBe('');
      expect(report).not.toMatchObject({ result: 'failed' });
    },
  );
});

describe('a proof', () => {
  test('that throws is reported as failed with what was seen', async () => {
    const prove = (): never => {
      throw new Error('expected a,\ngot b');
    };
    expect(await runProof({ part: 'part', prove })).toEqual({
      part: 'part',
      result: 'failed',
      what: 'expected a, got b',
      figure: '',
    });
  });

  test('that is skipped is reported with its reason', async () => {
    const prove = () => ({ outcome: 'skipped', reason: 'no such machine' }) as const;
    const report = await runProof({ part: 'part', prove });
    expect(report).toMatchObject({ result: 'skipped', what: 'no such machine' });
  });
});

describe('sound devices', () => {
  test('are proved where there are some', () => {
    const finding = findingOf({ devices: ['ALSA:default', 'ALSA:pulse'] });
    expect(finding).toMatchObject({ outcome: 'proved', figure: '2 devices' });
  });

  test('are skipped with the reason where they cannot be asked for', () => {
    const finding = findingOf({ unavailable: 'install libasound2' });
    expect(finding).toEqual({ outcome: 'skipped', reason: 'install libasound2' });
  });

  test('are skipped where the machine has none', () => {
    expect(findingOf({ devices: [] })).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringContaining('no sound device') as string,
    });
  });
});
