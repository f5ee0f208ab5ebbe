import { describe, expect, it } from 'vitest';
import { reportText, runNamedBench } from './bench.js';
import type { Bench } from './bench.js';

const benches: Bench[] = [
  {
    name: 'ring',
    summary: 'pushes and pops',
    run: () => Promise.resolve([{ name: 'push', unit: 'per second', value: 12_345 }]),
  },
  { name: 'relay', summary: 'fans out', run: () => Promise.reject(new Error('must not run')) },
];

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runNamedBench(benches, args, 'a machine', {
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

describe('runNamedBench', () => {
  it('runs the bench of that name alone', async () => {
    const { code, out, err } = await run('ring');
    expect(code).toBe(0);
    expect(out).toContain('ring on a machine');
    expect(out).toContain('12,300');
    expect(err).toBe('');
  });

  it('prints one JSON object when asked', async () => {
    const { out } = await run('ring', '--json');
    expect(JSON.parse(out)).toEqual({
      bench: 'ring',
      machine: 'a machine',
      figures: [{ name: 'push', unit: 'per second', value: 12_345 }],
    });
  });

  it.each([[[]], [['unknown']], [['ring', 'relay']], [['ring', '--fast']]])(
    'lists the benches for %j',
    async (args) => {
      const { code, out, err } = await run(...args);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain('ring   pushes and pops');
      expect(err).toContain('relay  fans out');
    },
  );
});

describe('reportText', () => {
  it('sets values, yardsticks and ratios under each other', () => {
    const text = reportText({
      bench: 'b',
      machine: 'm',
      figures: [
        { name: 'one', unit: 'per second', value: 1000, yardstick: 2000, ratio: 0.5 },
        { name: 'another', unit: 'ms', value: 1.5 },
      ],
    });
    expect(text.split('\n')).toEqual([
      'b on m',
      '',
      '         value  yardstick  ratio  unit',
      'one      1,000      2,000   0.50  per second',
      'another    1.5                    ms',
      '',
    ]);
  });
});
