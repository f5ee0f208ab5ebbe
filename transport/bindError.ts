import { isIPv6 } from 'node:net';
import { TransportError } from './transportError.js';
import type { TransportErrorCode } from './transportError.js';

const codesBySystemCode: ReadonlyMap<string, TransportErrorCode> = new Map([
  ['EADDRINUSE', 'addressInUse'],
  ['EADDRNOTAVAIL', 'addressNotAvailable'],
  ['EAFNOSUPPORT', 'addressNotAvailable'],
  ['EINVAL', 'addressNotAvailable'],
  ['EACCES', 'permissionDenied'],
  ['EPERM', 'permissionDenied'],
]);

const advice: Partial<Record<TransportErrorCode, string>> = {
  addressInUse: 'another process uses this port; stop it or choose another port',
  addressNotAvailable: 'this machine has no such address; choose one of its own, or ::',
  permissionDenied: 'this user may not bind the port; choose one above 1023',
};

/**
 * What to tell where a socket could not be bound.
 *
 * @param cause its `code` is the system's name of the fault
 */
export function bindError(
  cause: unknown,
  host: string,
  port: number,
  kind: 'UDP' | 'TCP' = 'UDP',
): TransportError {
  const systemCode = (cause as NodeJS.ErrnoException).code ?? '';
  const code = codesBySystemCode.get(systemCode) ?? 'internal';
  const where = `${kind} ${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const why = advice[code] ?? (cause as Error).message;
  return new TransportError(code, `cannot bind ${where}: ${why}`, { cause });
}
