import { ServerError } from '../errors.js';
import { checkData, type CheckReport } from './checkData.js';

// A process of its own: LMDB ends it where the structure of a database is damaged. It sends one
// message and ends.

/** What the check found, or why it could not. */
export type CheckMessage =
  | { readonly kind: 'report'; readonly report: CheckReport }
  | { readonly kind: 'refused'; readonly code: ServerError['code']; readonly message: string };

const message = await checked(process.argv[2] ?? '');
process.send?.(message, undefined, undefined, () => process.disconnect());

async function checked(dataDirectory: string): Promise<CheckMessage> {
  try {
    return { kind: 'report', report: await checkData(dataDirectory) };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { kind: 'refused', code: error.code, message: error.message };
  }
}
