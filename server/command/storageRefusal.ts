import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { ServerError } from '../errors.js';
import { refusal, type Refusal } from '../state/outcome.js';

/**
 * What to tell somebody whose command could not be stored; nothing of it was carried out.
 *
 * @returns null for an error that is none of the store's: a fault of ours
 */
export function storageRefusal(error: unknown): Refusal | null {
  if (!(error instanceof ServerError)) return null;
  switch (error.code) {
    case 'storageFull':
      return refusal(
        ErrorCode.StorageFull,
        'The server has no space left to store this. Tell whoever runs it, and try again later.',
      );
    case 'storageBusy':
      return refusal(ErrorCode.TooFast, error.message);
    case 'storageFault':
      return refusal(
        ErrorCode.Internal,
        'The server could not store this. Tell whoever runs it, and try again later.',
      );
    default:
      return null;
  }
}
