import { expect, test } from 'vitest';
import { certificateNotes } from './certificateNotes.js';

const lasting = { validToMs: 100, warnFromMs: 75, fault: null, nextTryMs: null };
const ofFiles = { ...lasting, source: 'files' } as const;
const byAcme = { ...lasting, source: 'acme', nextTryMs: 90 } as const;

test.each([ofFiles, byAcme])('nothing is said of one that is good for long', (certificate) => {
  expect(certificateNotes(certificate, 74)).toEqual([]);
});

test('its end is told when it is near and when it has come, and what to do', () => {
  const next = { key: 'renewFiles' };
  expect(certificateNotes(ofFiles, 75)).toEqual([{ key: 'ends', atMs: 100 }, next]);
  expect(certificateNotes(ofFiles, 100)).toEqual([{ key: 'ended', atMs: 100 }, next]);
  const own = { ...ofFiles, source: 'own' } as const;
  expect(certificateNotes(own, 75).at(-1)).toEqual({ key: 'renewOwn' });
  expect(certificateNotes(byAcme, 75).at(-1)).toEqual({ key: 'nextTry', atMs: 90 });
});

test('it is told why there is no newer one, when it is tried again, and what to do', () => {
  const fault = 'too many orders of late';
  expect(certificateNotes({ ...ofFiles, fault }, 0)).toEqual([
    { key: 'fileFault', fault },
    { key: 'renewFiles' },
  ]);
  const failed = [
    { key: 'acmeFault', fault },
    { key: 'nextTry', atMs: 90 },
  ];
  expect(certificateNotes({ ...byAcme, fault }, 0)).toEqual(failed);
  // The server's own one stands in for the first by ACME.
  expect(certificateNotes({ ...byAcme, source: 'own', fault }, 0)).toEqual(failed);
});
