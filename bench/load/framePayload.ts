/**
 * Fills a payload so that whoever opens it can tell whose it is and which: no two frames are alike.
 * Allocates nothing.
 */
export function writePayload(payload: Uint8Array, token: number, counter: number): void {
  for (let i = 0; i < payload.length; i++) {
    payload[i] = (token >>> (8 * (i & 3))) ^ (counter >>> (8 * ((i >>> 2) & 3))) ^ i;
  }
}
