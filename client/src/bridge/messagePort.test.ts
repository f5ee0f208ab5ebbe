import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronPort, pagePort } from '../testing/electronPorts.js';
import { BridgeFace } from './bridgeFace.js';
import { BridgeHost } from './bridgeHost.js';
import { MessagePortFace } from './messagePortFace.js';
import { MessagePortHost } from './messagePortHost.js';

/** Messages take their time on a busy machine. */
const eventually = { timeout: 40_000 };

let channel: MessageChannel;
beforeEach(() => {
  channel = new MessageChannel();
});
afterEach(() => {
  channel.port1.close();
});

function openHost(state: object): BridgeHost {
  return new BridgeHost({
    read: () => state,
    call: (command, args) => Promise.resolve({ command, args }),
  });
}

test('shows the state, and carries calls, also those from before the port came', async () => {
  const face = new MessagePortFace();
  let shown: object | null = null;
  const mirror = { replace: (state: object) => (shown = state), state: {} };
  const bridge = new BridgeFace(face, mirror, () => undefined);
  const early = bridge.call('engine.joinRoom', [new Map([['a', 1]])]);
  const host = openHost({ rooms: new Map([['lobby', { name: 'Lobby' }]]) });
  host.addPort(new MessagePortHost(electronPort(channel.port1)));
  face.attach(pagePort(channel.port2));
  expect(await early).toEqual({ command: 'engine.joinRoom', args: [new Map([['a', 1]])] });
  expect(shown).toEqual({ rooms: new Map([['lobby', { name: 'Lobby' }]]) });
});

test('a window that takes nothing is behind, until it has', async () => {
  const port = new MessagePortHost(electronPort(channel.port1));
  const news = { kind: 'answer', callId: 1, result: null } as const;
  let sent = 0;
  while (!port.isBehind) {
    port.send(news);
    sent++;
    expect(sent).toBeLessThan(1_000);
  }
  const face = new MessagePortFace();
  let taken = 0;
  face.onMessage = () => taken++;
  face.attach(pagePort(channel.port2));
  await expect.poll(() => port.isBehind, eventually).toBe(false);
  await expect.poll(() => taken, eventually).toBe(sent);
});

test('the engine learns that a window is gone, once', async () => {
  const port = new MessagePortHost(electronPort(channel.port1));
  let closed = 0;
  port.onClose = () => closed++;
  channel.port2.close();
  await expect.poll(() => closed, eventually).toBe(1);
  port.close();
  expect(closed).toBe(1);
});

test.each<[string, unknown]>([
  ['bytes that are no message', Uint8Array.of(0xc1, 0xff)],
  ['a message of another kind', new TextEncoder().encode('1')],
  ['something else', { kind: 'call' }],
])('%s close the way', async (_, message) => {
  const port = new MessagePortHost(electronPort(channel.port1));
  let isClosed = false;
  port.onClose = () => (isClosed = true);
  port.onMessage = () => expect.unreachable();
  channel.port2.postMessage(message);
  await expect.poll(() => isClosed, eventually).toBe(true);
});

test('a window whose engine is gone says so to whoever waits', async () => {
  const face = new MessagePortFace();
  let isGone = false;
  const mirror = { replace: () => undefined, state: {} };
  const bridge = new BridgeFace(face, mirror, () => (isGone = true));
  face.attach(pagePort(channel.port2));
  const waiting = bridge.call('engine.joinRoom', []);
  face.close();
  await expect(waiting).rejects.toMatchObject({ fault: { code: 'disconnected' } });
  expect(isGone).toBe(true);
});
