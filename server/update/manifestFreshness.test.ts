import { expect, test } from 'vitest';
import { staleness } from './manifestFreshness.js';

const day = 86_400_000;
const nowMs = Date.parse('2026-11-20T12:00:00.000Z');
const at = (days: number): string => new Date(nowMs + days * day).toISOString();
const manifest = { version: '1.1.0', issued: at(-10), expires: at(10) };

test('a manifest is good from when it was signed until its end', () => {
  const ends = { ...manifest, issued: at(0), expires: at(0) };
  for (const each of [manifest, ends]) {
    expect(staleness(each, { nowMs, acceptedIssued: null })).toBeNull();
  }
  expect(staleness(manifest, { nowMs, acceptedIssued: manifest.issued })).toBeNull();
  expect(staleness(manifest, { nowMs, acceptedIssued: at(-11) })).toBeNull();
});

test('one that has ended is told with its end and with what the clock says', () => {
  const text = staleness({ ...manifest, expires: at(-1) }, { nowMs, acceptedIssued: null });
  expect(text).toContain('has ended on 2026-11-19, and the clock of this machine says 2026-11-20');
});

test('a clock that is slow is not taken for a manifest that goes on', () => {
  // A machine without a battery begins in 1970.
  const text = staleness(manifest, { nowMs: 0, acceptedIssued: null });
  expect(text).toContain('but the clock of this machine says 1970-01-01. Set the clock');
  // Where the clock is a little slow only.
  expect(staleness(manifest, { nowMs: nowMs - 10.5 * day, acceptedIssued: null })).toBeNull();
});

test('none is taken that is older than one that was taken', () => {
  const text = staleness(manifest, { nowMs, acceptedIssued: at(-9.9999) });
  expect(text).toContain('has seen one of 2026-11-10T12:00:08.640Z already');
});
