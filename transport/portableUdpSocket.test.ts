import { afterEach, describe, expect, it } from 'vitest';
import { openUdpSocket } from './openUdpSocket.js';
import { resolveHost } from './resolveHost.js';
import { TransportError } from './transportError.js';
import type { UdpAddress, UdpSocket, UdpSocketOptions } from './udpSocket.js';

interface Arrival {
  readonly bytes: Uint8Array;
  readonly from: UdpAddress;
}

const opened: UdpSocket[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((socket) => socket.close()));
});

async function open(options: Partial<UdpSocketOptions> & { host: string }): Promise<UdpSocket> {
  const socket = await openUdpSocket({ port: 0, onPacket: () => undefined, ...options });
  opened.push(socket);
  return socket;
}

/** A socket and its first packet. */
async function openReceiver(
  host: string,
): Promise<{ socket: UdpSocket; arrival: Promise<Arrival> }> {
  let onArrival: (arrival: Arrival) => void = () => undefined;
  const arrival = new Promise<Arrival>((resolve) => (onArrival = resolve));
  const socket = await open({
    host,
    onPacket: (packet, from) => onArrival({ bytes: packet.slice(), from }),
  });
  return { socket, arrival };
}

describe('portable UDP socket', () => {
  it('carries the range asked for, and the bytes may be reused at once', async () => {
    const receiver = await openReceiver('127.0.0.1');
    const sender = await open({ host: '127.0.0.1' });
    const packet = Uint8Array.of(9, 1, 2, 3, 9);
    sender.send(packet, 1, 3, receiver.socket.localAddress);
    packet.fill(0);
    const { bytes, from } = await receiver.arrival;
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(from).toEqual(sender.localAddress);
    expect(receiver.socket.counters).toMatchObject({ packetsIn: 1, bytesIn: 3 });
  });

  it('answers IPv4 peers on a dual-stack socket, and shows them as IPv4', async () => {
    const receiver = await openReceiver('::');
    const client = await openReceiver('127.0.0.1');
    const { port } = receiver.socket.localAddress;
    client.socket.send(Uint8Array.of(7), 0, 1, { host: '127.0.0.1', port });
    const { from } = await receiver.arrival;
    expect(from).toEqual(client.socket.localAddress);
    receiver.socket.send(Uint8Array.of(8), 0, 1, from);
    expect([...(await client.arrival).bytes]).toEqual([8]);
  });

  it('takes its place with the buffers asked for, whatever the kernel grants', async () => {
    const socket = await open({ host: '127.0.0.1', bufferBytes: 1 << 30 });
    expect(socket.localAddress.port).toBeGreaterThan(0);
  });

  it('names a port in use', async () => {
    const first = await open({ host: '127.0.0.1' });
    const second = open({ host: '127.0.0.1', port: first.localAddress.port });
    await expect(second).rejects.toMatchObject({ code: 'addressInUse' });
  });

  it('names an address that is not of this machine', async () => {
    const elsewhere = open({ host: '192.0.2.1' });
    await expect(elsewhere).rejects.toMatchObject({ code: 'addressNotAvailable' });
  });

  it('puts its packets out before it closes, counts later ones, and closes once', async () => {
    const receiver = await openReceiver('127.0.0.1');
    const sender = await open({ host: '127.0.0.1' });
    const to = receiver.socket.localAddress;
    sender.send(Uint8Array.of(1), 0, 1, to);
    await Promise.all([sender.close(), sender.close()]);
    expect(sender.counters.packetsOut).toBe(1);
    sender.send(Uint8Array.of(2), 0, 1, to);
    expect(sender.counters.sendFailures).toBe(1);
    expect([...(await receiver.arrival).bytes]).toEqual([1]);
  });

  it('counts a packet that cannot be sent', async () => {
    const sender = await open({ host: '127.0.0.1' });
    sender.send(Uint8Array.of(1), 0, 1, { host: '127.0.0.1', port: 0 });
    await sender.close();
    expect(sender.counters).toMatchObject({ packetsOut: 0, sendFailures: 1 });
  });
});

describe('resolveHost', () => {
  it('leaves numeric addresses alone and takes brackets off', async () => {
    expect(await resolveHost('192.0.2.7')).toBe('192.0.2.7');
    expect(await resolveHost('2001:db8::1')).toBe('2001:db8::1');
    expect(await resolveHost('[::1]')).toBe('::1');
  });

  it('resolves localhost to a loopback address', async () => {
    expect(['127.0.0.1', '::1']).toContain(await resolveHost('localhost'));
  });

  it('refuses a name that cannot exist', async () => {
    const error: unknown = await resolveHost('no such host').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ code: 'unresolvableHost' });
  });
});
