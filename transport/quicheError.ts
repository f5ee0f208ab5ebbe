/** Names of the library's errors that carry the peer's code (quiche `Error`, lib.rs). */
type StreamFault = 'StreamStopped' | 'StreamReset';

/**
 * The code in a library error such as `StreamReset(42)`, which comes as text only.
 *
 * @returns null when the error is another one
 */
export function streamFaultCode(error: unknown, fault: StreamFault): number | null {
  const message = error instanceof Error ? error.message : '';
  if (!message.startsWith(`${fault}(`)) return null;
  const code = Number.parseInt(message.slice(fault.length + 1), 10);
  return Number.isNaN(code) ? null : code;
}
