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

  test('refuse more speakers than members', () => {
    expect(() => parseFaultArguments(['--sessions', '5', '--speakers', '6'])).toThrow(
      'A room of 5 members has no 6 speakers.',
    );
  });
});
