import { ServerError } from '../errors.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left. Make some (a release wants about 400 MiB)',
  EDQUOT: 'there is no space left for this user. Make some',
  EACCES: 'this user may not write there. Put sudo in front',
  EPERM: 'this user may not write there. Put sudo in front',
  EROFS: 'it cannot be written. Run this outside of the service, as root',
};

/** Whether an error is of the disk, as the system tells it, and not of the network. */
export function isDiskFault(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    Object.hasOwn(reasons, error.code)
  );
}

/** What a fault of the disk means to an operator. */
export function toldDiskFault(cause: NodeJS.ErrnoException & { code: string }): ServerError {
  const where = cause.path ?? 'the folder of the installation';
  const text = `Cannot write ${where}: ${reasons[cause.code] ?? ''}, and try again.`;
  return new ServerError('updateFailed', text, { cause });
}
