import { afterEach, describe, expect, test } from 'vitest';
import { openBatchLoadSockets } from './batchLoadSockets.js';
import { nowUs } from './loadClock.js';
import type { LoadSockets } from './loadSockets.js';
import { openPortableLoadSockets } from './portableLoadSockets.js';

const opened: LoadSockets[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sockets) => sockets.close()));
});

const makers = [
  ['portable', openPortableLoadSockets],
  ...(process.platform === 'linux' ? ([['batch', openBatchLoadSockets]] as const) : []),
] as const;

describe.each(makers)('%s sockets', (_kind, open) => {
  async function openTo(count: number, port: number): Promise<LoadSockets> {
    const sockets = await open(count, port);
    opened.push(sockets);
    return sockets;
  }

  test('hand over what each of them gets, with the time of its arrival', async () => {
    const receivers = await openTo(3, 9);
    const heard: { socket: number; byte: number; length: number; arrivedAtUs: number }[] = [];
    const beforeUs = nowUs();
    for (const socket of [2, 0]) {
      const sender = await openTo(1, receivers.localPorts[socket]!);
      sender.outgoing[0] = 40 + socket;
      sender.send(0, 5 + socket);
    }
    while (heard.length < 2) {
      receivers.receive((socket, packet, length, arrivedAtUs) => {
        heard.push({ socket, byte: packet[0]!, length, arrivedAtUs });
      });
      await receivers.wait(1_000);
    }
    heard.sort((a, b) => a.socket - b.socket);
    expect(heard).toMatchObject([
      { socket: 0, byte: 40, length: 5 },
      { socket: 2, byte: 42, length: 7 },
    ]);
    for (const { arrivedAtUs } of heard) {
      // Half a millisecond for what the two clocks may be apart.
      expect(arrivedAtUs).toBeGreaterThan(beforeUs - 500);
      expect(arrivedAtUs).toBeLessThan(nowUs() + 500);
    }
  });

  test('hand over more than one batch', async () => {
    const receiver = await openTo(1, 9);
    const sender = await openTo(1, receiver.localPorts[0]!);
    const packets = 700;
    for (let i = 0; i < packets; i++) sender.send(0, 100);
    let heard = 0;
    while (heard < packets) {
      heard += receiver.receive(() => undefined);
      await receiver.wait(1_000);
    }
    expect(heard).toBe(packets);
  });
});
