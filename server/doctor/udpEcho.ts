import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { DoctorFinding, Verdict } from './findings.js';

/** As long as QUIC's first packets, which are the longest that must pass. */
const echoBytes = 1_200;
const triesMax = 3;
const waitMs = 500;

/** A machine of containers has hundreds of addresses; the first tell enough. */
const addressesMax = 16;

/** Sends datagrams to this machine's own addresses, and says from which none came back. */
export async function echoFindings(
  addresses: readonly string[] = ownAddresses(),
): Promise<DoctorFinding[]> {
  const ofIpv6 = addresses.filter((address) => isIPv6(address));
  const ofIpv4 = addresses.filter((address) => !isIPv6(address));
  return [
    await echoFinding('UDP over IPv4', ofIpv4, 'attention'),
    // Many machines have none, and are reached all the same.
    await echoFinding('UDP over IPv6', ofIpv6, 'good'),
  ];
}

/** @param withoutAny the verdict where there is no address of this kind */
async function echoFinding(
  subject: string,
  addresses: readonly string[],
  withoutAny: Verdict,
): Promise<DoctorFinding> {
  if (addresses.length === 0) {
    const text = 'this machine has no such address: nobody comes that way.';
    return { subject, verdict: withoutAny, text };
  }
  const faults: string[] = [];
  for (const address of addresses) {
    const fault = await echoFault(address);
    if (fault !== null) faults.push(`${address} (${fault})`);
  }
  if (faults.length === 0) {
    return { subject, verdict: 'good', text: `comes back from ${addresses.join(', ')}.` };
  }
  const text = `nothing comes back from ${faults.join(', ')}. Look at this machine's firewall.`;
  return { subject, verdict: 'bad', text };
}

/** @returns null where a datagram to this address came back as it was, else why not */
async function echoFault(address: string): Promise<string | null> {
  const type = isIPv6(address) ? 'udp6' : 'udp4';
  const [near, far] = [createSocket(type), createSocket(type)];
  try {
    await bind(near, address);
    await bind(far, address);
    // What cannot be sent back is missed by who waits for it.
    far.on('message', (bytes, { port }) => far.send(bytes, port, address, () => undefined));
    const sent = randomBytes(echoBytes);
    for (let tried = 0; tried < triesMax; tried++) {
      const answer = nextDatagram(near);
      near.send(sent, far.address().port, address);
      if ((await answer)?.equals(sent) === true) return null;
    }
    return `of ${triesMax} none`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    near.close();
    far.close();
  }
}

async function bind(socket: Socket, address: string): Promise<void> {
  socket.bind({ address, port: 0, exclusive: true });
  await once(socket, 'listening');
}

/** @returns null where none came in time */
async function nextDatagram(socket: Socket): Promise<Buffer | null> {
  const signal = AbortSignal.timeout(waitMs);
  try {
    const [bytes] = (await once(socket, 'message', { signal })) as [Buffer];
    return bytes;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** Loopback first. Without those that hold on one wire alone: nobody is told of them. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const reachable = all.filter(({ address }) => !address.startsWith('fe80:'));
  const [inner, outer] = [true, false].map((isInner) =>
    reachable.filter(({ internal }) => internal === isInner).map(({ address }) => address),
  );
  return [...inner!, ...outer!].slice(0, addressesMax);
}
