import { storageRefusal } from '../command/storageRefusal.js';
import { ServerError } from '../errors.js';
import type { Refusal } from '../state/outcome.js';

const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** What a fault of the disk under the files means to whoever waits for it. */
export function diskFault(cause: unknown): ServerError {
  if (cause instanceof ServerError) return cause;
  if (cause instanceof Error && 'code' in cause && fullCodes.includes(cause.code)) {
    const text = 'There is no space left where the server keeps its files.';
    return new ServerError('storageFull', text, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServerError('storageFault', `The server cannot keep a file: ${reason}.`, { cause });
}

/** The same in words for a person. */
export function diskRefusal(cause: unknown): Refusal {
  // There are words for every code of diskFault().
  return storageRefusal(diskFault(cause))!;
}
