import { describe, expect, test } from 'vitest';
import { parseFaultArguments } from './faultArguments.js';

describe('arguments of the fault bench', () => {
  test('leave the speakers during floods to the capacity that is found', () => {
    expect(parseFaultArguments([])).toMatchObject({ floodSpeakers: null, workers: null });
    expect(parseFaultArguments(['--flood-speakers', '7', '--json'])).toMatchObject({
      floodSpeakers: 7,
      json: true,
    });
  });

  test.each([
    ['--speakers', '6'],
    ['--flood-speakers', '6'],
  ])('refuse more speakers than members (%s)', (...option) => {
    expect(() => parseFaultArguments(['--sessions', '5', ...option])).toThrow(
      'A room of 5 members has no',
    );
  });
});
