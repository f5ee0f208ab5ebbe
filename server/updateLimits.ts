import { releaseFileBytesMax } from '@rookery/schemas/release/releaseManifest';

/** Bounds of what an update takes from others, and how long it waits. */
export interface UpdateLimits {
  /** Of an archive as it is fetched. */
  readonly archiveBytesMax: number;
  /** Of all files of an archive together. */
  readonly unpackedBytesMax: number;
  readonly filesMax: number;
  /** Who sends nothing for so long sends nothing any more. */
  readonly silenceMsMax: number;
  /** For a manifest, and for an archive, however it comes. */
  readonly fetchSmallMsMax: number;
  readonly fetchMsMax: number;
  readonly redirectsMax: number;
  /** A check by the new release, such as the try of a migration. */
  readonly checkMsMax: number;
  /** Until the backup is done that was under way, and between two looks at it. */
  readonly backupMsMax: number;
  readonly backupIntervalMs: number;
  /** Until who was told to start the server anew has done so. */
  readonly restartMsMax: number;
  /** So often a version is started that an update left unjudged, before the one before is. */
  readonly settleStartsMax: number;
  /** How long the version before may take to be healthy again. */
  readonly settledMsMax: number;
  /** Between two looks at whether the server is healthy. */
  readonly healthIntervalMs: number;
}

export const updateLimits: UpdateLimits = {
  archiveBytesMax: releaseFileBytesMax,
  unpackedBytesMax: 2_048 * 1_048_576,
  filesMax: 50_000,
  silenceMsMax: 30_000,
  fetchSmallMsMax: 60_000,
  // An archive by a line of 100 kbit/s.
  fetchMsMax: 3 * 3_600_000,
  redirectsMax: 5,
  // A large database is copied, migrated and read through.
  checkMsMax: 1_800_000,
  // As long as the data and the files of a large server may take.
  backupMsMax: 3 * 3_600_000,
  backupIntervalMs: 250,
  restartMsMax: 90_000,
  // The first start after a power cut may come before the network.
  settleStartsMax: 2,
  settledMsMax: 60_000,
  healthIntervalMs: 100,
};
