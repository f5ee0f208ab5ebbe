import { expect, test } from 'vitest';
import { sumDrops } from './socketDrops.js';

/** A line of /proc/net/udp. */
function line(port: string, drops: number): string {
  const counts = '07 00000000:00000000 00:00000000 00000000     0        0 166399 2 0000deadbeef';
  return ` 1445: 0100007F:${port} 00000000:0000 ${counts} ${drops}`;
}

const head =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid drops';
const table = [head, line('CA6F', 7), line('8FC0', 30), line('0035', 900), ''].join('\n');

test('sums the drops of the sockets at the given ports', () => {
  expect(sumDrops(table, new Set([0xca6f, 0x8fc0]))).toBe(37);
  expect(sumDrops(table, new Set([0x35]))).toBe(900);
  expect(sumDrops(table, new Set([1]))).toBe(0);
});
