import { describe, expect, it } from 'vitest';
import { benchOfFigures, figureTable, reportText, runNamedBench } from './bench.js';
import type { Bench } from './bench.js';
import { BenchError } from './benchError.js';

const ring = benchOfFigures(
  {
    name: 'ring',
    summary: 'pushes and pops',
    run: () => Promise.resolve([{ name: 'push', unit: 'per second', value: 12_345 }]),
  },
  'a machine',
);

const relay: Bench = {
  name: 'relay',
  summary: 'fans out',
  options: '    --rooms  how many',
  run: (args) => {
    const code = args.length > 0 ? 'usage' : 'unavailable';
    return Promise.reject(new BenchError(code, 'There is no kernel.'));
  },
};

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runNamedBench([ring, relay], args, {
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

  it('tells the options of a bench', async () => {
    const { code, out } = await run('relay', '--help');
    expect(code).toBe(0);
    expect(out).toContain('--rooms  how many');
    expect(out).not.toContain('ring');
  });

  it.each([[[]], [['unknown']], [['--json']]])('lists the benches for %j', async (args) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('ring   pushes and pops');
    expect(err).toContain('relay  fans out');
  });

  it('refuses options that a bench of figures does not have', async () => {
    const { code, err } = await run('ring', '--fast');
    expect(code).toBe(2);
    expect(err).toContain('ring takes no --fast.');
  });

  it('explains the options of the bench that was used wrongly, and of no other', async () => {
    const { code, err } = await run('relay', '--roms');
    expect(code).toBe(2);
    expect(err).toContain('--rooms  how many');
    expect(err).not.toContain('pushes and pops');
  });

  it('says why a bench could not be run', async () => {
    expect(await run('relay')).toEqual({ code: 1, out: '', err: 'bench: There is no kernel.\n' });
  });
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

describe('figureTable', () => {
  it('judges the ratios that have a target', () => {
    const measured = { unit: 'µs', value: 1, yardstick: 1 };
    const table = figureTable({
      bench: 'b',
      machine: 'm',
      figures: [
        { name: 'free', ...measured, ratio: 9 },
        { name: 'high', ...measured, ratio: 0.49, ratioMin: 0.5 },
        { name: 'even', ...measured, ratio: 1.2, ratioMin: 0.8, ratioMax: 1.2 },
      ],
    });
    const cells = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    expect(cells[2]!.slice(5, 8)).toEqual(['µs', '', '']);
    expect(cells[3]!.slice(6, 8)).toEqual(['≥ 0.50', '**missed**']);
    expect(cells[4]!.slice(6, 8)).toEqual(['≥ 0.80, ≤ 1.20', 'met']);
    expect(table.endsWith('\n\nm.')).toBe(true);
  });
});
