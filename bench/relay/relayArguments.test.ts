import { describe, expect, test } from 'vitest';
import { parseRelayArguments } from './relayArguments.js';

function refusal(...argv: string[]): unknown {
  try {
    return parseRelayArguments(argv);
  } catch (error) {
    return error;
  }
}

describe('arguments of the relay bench', () => {
  test('describe one speaker in a room of 500 receivers where nothing is said', () => {
    expect(parseRelayArguments([])).toEqual({
      receivers: 500,
      speakers: 1,
      rooms: 1,
      workers: null,
      bundleWindowMs: null,
      framesPerSecond: 50,
      payloadBytes: 120,
      seconds: 5,
      warmUpSeconds: 2,
      runs: 1,
      sockets: 64,
      json: false,
      grid: false,
    });
  });

  test('are read by name', () => {
    const argv = ['--receivers', '9', '--speakers=2', '--rooms', '50', '--window', '2', '--json'];
    expect(parseRelayArguments([...argv, '--workers', '2', '--warm-up', '0'])).toMatchObject({
      receivers: 9,
      speakers: 2,
      rooms: 50,
      bundleWindowMs: 2,
      workers: 2,
      warmUpSeconds: 0,
      json: true,
    });
  });

  test.each([
    ['an unknown option', '--speed', '3'],
    ['a word', '--receivers', 'many'],
    ['a number below the least', '--seconds', '0'],
    ['a number above the most', '--rate', '56'],
    ['half a receiver', '--receivers', '1.5'],
    ['an option without its number', '--rooms'],
    ['an argument too many', 'fast'],
  ])('refuse %s', (_what, ...argv) => {
    expect(refusal(...argv)).toMatchObject({ code: 'usage' });
  });

  test('refuse more sessions than fit on a machine', () => {
    expect(refusal('--receivers', '500', '--rooms', '10')).toMatchObject({
      message: 'That makes 5010 sessions; at most 5000 fit on one machine.',
    });
  });

  test('refuse more speakers than members', () => {
    expect(refusal('--receivers', '3', '--speakers', '5')).toMatchObject({ code: 'usage' });
    expect(refusal('--receivers', '3', '--speakers', '4')).toMatchObject({ speakers: 4 });
  });
});
