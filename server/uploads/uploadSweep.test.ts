import { expect, test } from 'vitest';
import { newUuid } from '@rookery/schemas/uuid';
import type { FinishedUpload, UploadRecord } from '../store/uploadRecord.js';
import { uploadLimits } from '../uploadLimits.js';
import { isOver } from './uploadSweep.js';

const dayMs = 86_400_000;
const nowMs = 100 * dayMs;
const limits = { unreferencedMsMax: uploadLimits.unreferencedMsMax, keptMsMax: 30 * dayMs };
const forEver = { ...limits, keptMsMax: null };

function upload(ageMs: number, finished: Partial<FinishedUpload> | null): UploadRecord {
  const atMs = nowMs - ageMs;
  const facts = { uploadId: newUuid(), userId: newUuid(), placeId: newUuid(), name: 'a' };
  const whole = { finishedAtMs: atMs, mediaType: 'text/plain', thumbnail: null, messageId: null };
  return {
    ...facts,
    sizeBytes: 1,
    hash: new Uint8Array(32),
    startedAtMs: atMs,
    finished: finished === null ? null : { ...whole, ...finished },
  };
}

test('what is unfinished, or in no message, is kept for a day', () => {
  for (const finished of [null, {}]) {
    expect(isOver(upload(dayMs, finished), false, forEver, nowMs)).toBe(false);
    expect(isOver(upload(dayMs + 1, finished), false, forEver, nowMs)).toBe(true);
  }
});

test('what a message shows is kept, or as long as configured', () => {
  const shown = (ageMs: number): UploadRecord => upload(ageMs, { messageId: newUuid() });
  expect(isOver(shown(90 * dayMs), true, forEver, nowMs)).toBe(false);
  expect(isOver(shown(30 * dayMs), true, limits, nowMs)).toBe(false);
  expect(isOver(shown(30 * dayMs + 1), true, limits, nowMs)).toBe(true);
});

test('what a message showed that is gone goes at once', () => {
  expect(isOver(upload(0, { messageId: newUuid() }), false, forEver, nowMs)).toBe(true);
});
