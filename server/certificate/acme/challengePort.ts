import { ServerError } from '../../errors.js';

const otherPort =
  'choose another port with --acme-port and have the firewall lead the public one to it.';

/** What gives a server a port below 1024. */
export const lowPortAdvice =
  'A service gets the right by scripts/install.sh --acme (from a Debian package: by ' +
  '/usr/share/doc/rookery/examples/acme.conf), anything else by CAP_NET_BIND_SERVICE; or ' +
  otherPort;

/**
 * What to tell where the port that answers challenges could not be had.
 *
 * @param cause its `code` is the system's name of the fault
 */
export function challengePortError(cause: unknown, port: number): ServerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isRefused = (cause as NodeJS.ErrnoException).code === 'EACCES';
  return new ServerError(
    isRefused ? 'acmeFailed' : 'addressInUse',
    `Cannot listen on TCP port ${port} for the challenge of ACME (${reason}). ` +
      (isRefused ? lowPortAdvice : `Stop what uses it, or ${otherPort}`),
    { cause },
  );
}
