import { readFileSync } from 'node:fs';

/**
 * Datagrams that the kernel dropped because a socket's buffer was full, summed over the UDP sockets
 * bound to these ports. 0 where the system does not tell.
 */
export function readSocketDrops(ports: ReadonlySet<number>): number {
  try {
    return sumDrops(readFileSync('/proc/net/udp', 'utf8'), ports);
  } catch {
    return 0;
  }
}

/**
 * @param table /proc/net/udp: the second column is address:port in hexadecimal, the last the drops
 */
export function sumDrops(table: string, ports: ReadonlySet<number>): number {
  let drops = 0;
  for (const line of table.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const port = columns[1]?.split(':')[1];
    if (port !== undefined && ports.has(Number.parseInt(port, 16))) drops += Number(columns.at(-1));
  }
  return drops;
}
