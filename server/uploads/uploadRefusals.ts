import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { refusal, type Refusal } from '../state/outcome.js';

/** Why files are refused, in words for a person. */

export const emptyFile = refusal(ErrorCode.InvalidField, 'The file is empty. Send another.');

export const noSuchFile = refusal(
  ErrorCode.NoSuchFile,
  'There is no such file here, or not any more.',
);

export const notUnderWay = refusal(
  ErrorCode.NoSuchFile,
  'There is no such upload under way. Start it again.',
);

export const tooManyUploads = refusal(
  ErrorCode.LimitReached,
  'Too many files are being uploaded. Wait until one of them has arrived.',
);

export const diskFull = refusal(
  ErrorCode.StorageFull,
  'The server has no space left for this file. Tell whoever runs it, and try again later.',
);

export function tooLarge(sizeBytesMax: number): Refusal {
  const text = `A file may have ${sizeText(sizeBytesMax)} on this server. Send a smaller one.`;
  return refusal(ErrorCode.FileTooLarge, text);
}

export function quotaReached(whose: 'user' | 'server'): Refusal {
  const text =
    whose === 'user'
      ? 'You keep as many files on this server as you may. Delete messages with files.'
      : 'This server keeps as many files as it may. Tell whoever runs it.';
  return refusal(ErrorCode.QuotaReached, text);
}

export const notAsLarge = refusal(
  ErrorCode.FileMismatch,
  'The file is not as large as was said. Nothing of it was kept; send it again.',
);

export const notThatHash = refusal(
  ErrorCode.FileMismatch,
  'The file is not what its hash says. Nothing of it was kept; send it again.',
);

export function outOfOrder(offset: number, expected: number): Refusal {
  const text = `A piece came at byte ${offset}, where ${expected} is next. Start it again.`;
  return refusal(ErrorCode.InvalidField, text);
}

/** 104857600 → "100 MiB". */
function sizeText(bytes: number): string {
  return bytes >= 1_048_576 ? `${Math.floor(bytes / 1_048_576)} MiB` : `${bytes} bytes`;
}
