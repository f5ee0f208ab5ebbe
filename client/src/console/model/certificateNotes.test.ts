import { expect, test } from 'vitest';
import { certificateNotes } from './certificateNotes.js';

const certificate = { validToMs: 100, warnFromMs: 75, fault: null };

test('nothing is said of a certificate that is good for long', () => {
  expect(certificateNotes(certificate, 74)).toEqual([]);
});

test('its end is told when it is near, and when it has come', () => {
  expect(certificateNotes(certificate, 75)).toEqual([{ key: 'certificateEnds', endsMs: 100 }]);
  expect(certificateNotes(certificate, 100)).toEqual([{ key: 'certificateEnded', endsMs: 100 }]);
});

test('it is told why there is no newer one', () => {
  const fault = 'too many orders of late';
  expect(certificateNotes({ ...certificate, fault }, 0)).toEqual([
    { key: 'certificateFault', fault },
  ]);
});
