import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { ClientError } from '../engine/clientError.js';
import { BridgeFace, RemoteFault, type Mirror } from './bridgeFace.js';
import { BridgeHost } from './bridgeHost.js';
import type { BridgePort } from './bridgeMessages.js';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

class ThreadPort<Sent, Received> implements BridgePort<Sent, Received> {
  isBehind = false;
  onMessage: (message: Received) => void = () => undefined;
  onClose: () => void = () => undefined;
  sent = 0;

  constructor(private readonly port: MessagePort) {
    port.on('message', (message: Received) => this.onMessage(message));
    port.on('close', () => this.onClose());
  }

  send(message: Sent): void {
    this.sent++;
    this.port.postMessage(message);
  }

  close(): void {
    this.port.close();
  }
}

class Shown implements Mirror {
  state: object = {};
  replaced = 0;

  replace(state: object): void {
    this.state = state;
    this.replaced++;
  }
}

interface Counted {
  readonly count: number;
  readonly users: ReadonlyMap<number, { readonly name: string }>;
}

function openBridge() {
  let state: Counted = { count: 0, users: new Map() };
  const calls: string[] = [];
  const host = new BridgeHost({
    read: () => state,
    call: async (command, args) => {
      calls.push(command);
      await Promise.resolve();
      if (command === 'engine.fail') throw new ClientError('noSuchRoom', 'there is no such room');
      if (command === 'engine.count') set({ count: args[0] as number });
      return args;
    },
  });
  const set = (change: Partial<Counted>): void => {
    state = { ...state, ...change };
    host.changed();
  };
  const openFace = () => {
    const { port1, port2 } = new MessageChannel();
    const hostPort = new ThreadPort<never, never>(port1);
    const mirror = new Shown();
    let isClosed = false;
    const face = new BridgeFace(new ThreadPort(port2), mirror, () => (isClosed = true));
    host.addPort(hostPort as never);
    closers.push(() => port1.close());
    return { face, mirror, hostPort, isClosed: () => isClosed };
  };
  closers.push(() => host.close());
  return { host, set, openFace, calls };
}

describe('the bridge', () => {
  test('shows a face the whole state at once, and then what changes', async () => {
    const { set, openFace } = openBridge();
    const { mirror } = openFace();
    await expect.poll(() => mirror.state).toEqual({ count: 0, users: new Map() });
    set({ users: new Map([[7, { name: 'Ada' }]]) });
    set({ count: 3 });
    await expect
      .poll(() => mirror.state)
      .toEqual({
        count: 3,
        users: new Map([[7, { name: 'Ada' }]]),
      });
    expect(mirror.replaced).toBe(1);
  });

  test('tells of many changes in few words', async () => {
    const { set, openFace } = openBridge();
    const { mirror, hostPort } = openFace();
    for (let count = 1; count <= 1_000; count++) set({ count });
    await expect.poll(() => mirror.state).toMatchObject({ count: 1_000 });
    expect(hostPort.sent).toBeLessThan(10);
  });

  test('shows what a command did before it is answered', async () => {
    const { openFace } = openBridge();
    const { face, mirror } = openFace();
    await face.call('engine.count', [42]);
    expect(mirror.state).toMatchObject({ count: 42 });
  });

  test("carries a command's fault with its code", async () => {
    const { openFace } = openBridge();
    const fault = await openFace()
      .face.call('engine.fail', [])
      .catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(RemoteFault);
    expect((fault as RemoteFault).fault).toEqual({
      code: 'noSuchRoom',
      message: 'there is no such room',
    });
  });

  test('tells a face nothing while it is behind, and then everything', async () => {
    const { set, openFace } = openBridge();
    const slow = openFace();
    const quick = openFace();
    await expect.poll(() => slow.mirror.replaced).toBe(1);
    slow.hostPort.isBehind = true;
    const { sent } = slow.hostPort;
    for (let count = 1; count <= 5; count++) {
      set({ count });
      await expect.poll(() => quick.mirror.state).toMatchObject({ count });
    }
    expect(slow.hostPort.sent).toBe(sent);
    slow.hostPort.isBehind = false;
    await expect.poll(() => slow.mirror.state).toMatchObject({ count: 5 });
    expect(slow.mirror.replaced).toBe(2);
    expect(quick.mirror.replaced).toBe(1);
  });

  test('says everything again to a face that missed something', async () => {
    const { set, openFace } = openBridge();
    const { mirror, hostPort } = openFace();
    await expect.poll(() => mirror.replaced).toBe(1);
    hostPort.send({ kind: 'changes', revision: 99, changes: [] } as never);
    await expect.poll(() => mirror.replaced).toBe(2);
    set({ count: 8 });
    await expect.poll(() => mirror.state).toMatchObject({ count: 8 });
  });

  test('fails the calls of a face whose engine is gone, and says so', async () => {
    const { host, openFace } = openBridge();
    const { face, mirror, isClosed } = openFace();
    await expect.poll(() => mirror.replaced).toBe(1);
    host.close();
    await expect.poll(isClosed).toBe(true);
    await expect(face.call('engine.count', [1])).rejects.toMatchObject({
      fault: { code: 'disconnected' },
    });
  });
});
