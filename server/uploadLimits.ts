import assert from 'node:assert/strict';
import { fileTransfer } from '@rookery/schemas/protocol';
import type { LaneLimits } from './laneLimits.js';

/** Bytes. */
export const mebibyte = 1_048_576;
const hourMs = 3_600_000;

/** Bounds of the files that people upload; the first four can be configured. */
export interface UploadLimits {
  /** Of one file. */
  readonly sizeBytesMax: number;
  /** Kept of one user, unfinished files as large as they are to be. */
  readonly userBytesMax: number;
  /** Kept of all users; what several uploaded counts for each. */
  readonly serverBytesMax: number;
  /** How long a file is kept, whatever refers to it; null: for as long as something does. */
  readonly keptMsMax: number | null;
  /** What the smallest file counts: its place on the disk and in the index. */
  readonly chargedBytesMin: number;
  /** Files that one user uploads at a time. */
  readonly activePerUserMax: number;
  /** The same over all users: an open file and a window in memory each. */
  readonly activeMax: number;
  /** Uploads that one user left unfinished. */
  readonly unfinishedPerUserMax: number;
  /** The same over all users: each is in memory. */
  readonly unfinishedMax: number;
  /** How long a file that no message refers to is kept, and one that is not finished. */
  readonly unreferencedMsMax: number;
  /** Left free on the disk, so that messages can still be written. */
  readonly diskReserveBytes: number;
  /** Files that have come and are checked at the same time: a core that voice may want each. */
  readonly checkThreadsMax: number;
  /** How often what is not to be kept is looked for. */
  readonly sweepIntervalMs: number;
  /** Files that are looked at before others have their turn. */
  readonly sweepPageMax: number;
  readonly thumbnails: ThumbnailLimits;
}

/** What the operator decides. */
export type UploadRule = Pick<
  UploadLimits,
  'sizeBytesMax' | 'userBytesMax' | 'serverBytesMax' | 'keptMsMax'
>;

/** Bounds of the small pictures that are made of pictures. */
export interface ThumbnailLimits {
  /** Of the longer side, in pixels. */
  readonly sideMax: number;
  /** A picture with more pixels than a camera's gets none: it takes memory to unpack. */
  readonly pixelsMax: number;
  /** Nor does a larger file. */
  readonly sourceBytesMax: number;
  /** A picture that takes longer to unpack is made to take long. */
  readonly workMsMax: number;
  /** Pictures that wait; others get no thumbnail. */
  readonly waitingMax: number;
  /** The process that makes them ends after this time without work. */
  readonly idleMsMax: number;
}

export const uploadLimits: UploadLimits = {
  sizeBytesMax: 100 * mebibyte,
  userBytesMax: 1_024 * mebibyte,
  serverBytesMax: 10_240 * mebibyte,
  keptMsMax: null,
  chargedBytesMin: 4_096,
  activePerUserMax: 4,
  activeMax: 256,
  unfinishedPerUserMax: 16,
  unfinishedMax: 4_096,
  unreferencedMsMax: 24 * hourMs,
  diskReserveBytes: 64 * mebibyte,
  checkThreadsMax: 1,
  sweepIntervalMs: hourMs / 6,
  sweepPageMax: 256,
  thumbnails: {
    sideMax: 320,
    pixelsMax: 50_000_000,
    sourceBytesMax: 32 * mebibyte,
    workMsMax: 10_000,
    waitingMax: 32,
    idleMsMax: 30_000,
  },
};

/**
 * Asserts the relations between the limits of files, and to the lane on which they come.
 * @throws AssertionError for limits that contradict each other: a bug, not an operating fault.
 */
export function assertUploadLimits(limits: UploadLimits, lane: LaneLimits): void {
  const { chunkBytesMax, uploadWindowBytes, rangesMax } = fileTransfer;
  assert(limits.sizeBytesMax <= limits.userBytesMax, 'a user can keep the largest file');
  assert(limits.userBytesMax <= limits.serverBytesMax, 'the server can keep what a user may');
  assert(limits.activePerUserMax <= limits.unfinishedPerUserMax, 'what is under way is unfinished');
  assert(limits.activeMax <= limits.unfinishedMax, 'the same for all');
  assert(
    uploadWindowBytes / chunkBytesMax + rangesMax <= lane.unansweredMax,
    'who keeps to the window is never refused',
  );
  assert(lane.payloadBytesMax >= chunkBytesMax + 512, 'a chunk is one frame');
}
