import { describe, expect, test } from 'vitest';
import { anonymousMiBOf, resourcesOf, type SoakSample } from './soakSample.js';
import { slopeOf, soakVerdicts } from './soakVerdicts.js';

/** @param memory by place, MiB @param handles by place */
function samplesOf(
  count: number,
  memory: (place: number) => number,
  handles: (place: number) => number = () => 10,
): SoakSample[] {
  return Array.from({ length: count }, (_sample, place) => ({
    minutes: place,
    anonymousMiB: memory(place),
    resources: { Timeout: handles(place), UDPWrap: 2 },
  }));
}

const noise = [3, -2, 1, -3, 2, -1, 0];

describe('the slope of memory', () => {
  test('is that of a line, and has an error where there is noise', () => {
    expect(slopeOf(samplesOf(10, (place) => 100 + 2 * place))).toMatchObject({
      mibPerMinute: expect.closeTo(2) as number,
      standardError: expect.closeTo(0) as number,
    });
    const noisy = slopeOf(samplesOf(21, (place) => 100 + noise[place % 7]!));
    expect(Math.abs(noisy.mibPerMinute)).toBeLessThan(2 * noisy.standardError);
  });
});

describe('the verdict', () => {
  const met = (samples: SoakSample[]): (boolean | null)[] =>
    soakVerdicts(samples, 'churn').map(({ isMet }) => isMet);

  test('is fine where memory only warms up and wavers', () => {
    const memory = (place: number): number =>
      place < 7 ? 60 + 8 * place : 120 + noise[place % 7]!;
    expect(met(samplesOf(28, memory))).toEqual([true, true]);
  });

  test('is not where memory goes on growing', () => {
    expect(met(samplesOf(30, (place) => 100 + place + noise[place % 7]!))).toEqual([false, true]);
  });

  test('is not where handles or timers stay', () => {
    expect(
      met(
        samplesOf(
          30,
          () => 100,
          (place) => 10 + place,
        ),
      )[1],
    ).toBe(false);
  });

  test('is not known after a moment', () => {
    expect(met(samplesOf(2, () => 100))[0]).toBeNull();
  });
});

test('what a server tells is found', () => {
  expect(anonymousMiBOf('VmRSS:\t  9 kB\nRssAnon:\t  2048 kB\nRssFile:\t 4 kB\n')).toBe(2);
  const metrics =
    '# HELP nodejs_active_resources …\nnodejs_active_resources{type="Timeout"} 4\n' +
    'nodejs_active_resources{type="UDPWRAP"} 2\nnodejs_active_resources_total 6\n';
  expect(resourcesOf(metrics)).toEqual({ Timeout: 4, UDPWRAP: 2 });
});
