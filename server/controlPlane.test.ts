import { sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameReader } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import { loginMessage } from '@rookery/schemas/loginMessage';
import type { Auth, Message } from '@rookery/schemas/messages';
import { framePayloadBytesMax, protocolVersion, rootRoomId } from '@rookery/schemas/protocol';
import type { QuicDriver } from '@rookery/transport/quicDriver';
import type { QuicEvent } from '@rookery/transport/quicTypes';
import { TransportError } from '@rookery/transport/transportError';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import { pino } from 'pino';
import { ControlPlane } from './controlPlane.js';
import type { ControlPlaneStats } from './controlPlaneStats.js';
import { openEntry } from './accounts/entry.js';
import { controlLimits, voiceLimits } from './limits.js';
import { startVoicePlane, type VoicePlane } from './relay/voicePlane.js';
import { FileDesk } from './uploads/fileDesk.js';
import { openStore, type Store } from './store/store.js';
import { createIdentity } from './testing/testClient.js';

/**
 * 0-RTT needs a handshake that loses the right packets, and a connection that ends between two
 * calls needs luck. So here the events are made by hand, and the endpoint only takes notes.
 */
class NotedEndpoint {
  readonly closes: number[] = [];
  readonly preferred: number[] = [];
  isGone = false;
  readonly #reader = new FrameReader(framePayloadBytesMax.fromServer);

  prefer(connection: number): void {
    this.preferred.push(connection);
  }

  openUni(): number {
    return 3;
  }

  write(_connection: number, _stream: number, bytes: Uint8Array): boolean {
    if (this.isGone) throw new TransportError('unknownConnection', 'gone');
    this.#reader.push(bytes.slice());
    return true;
  }

  remoteOf(): UdpAddress {
    return { host: '192.0.2.1', port: 50_000 };
  }

  setPriority(): void {
    if (this.isGone) throw new TransportError('unknownConnection', 'gone');
  }

  close(_connection: number, code: number): void {
    if (this.isGone) throw new TransportError('unknownConnection', 'gone');
    this.closes.push(code);
  }

  written(): Message[] {
    const messages: Message[] = [];
    for (let frame = this.#reader.next(); frame !== null; frame = this.#reader.next()) {
      messages.push(decodeMessage(frame.type, frame.payload).message);
    }
    return messages;
  }
}

const controlStream = 0;
const commandStream = 2;

const hello = encodeMessage({
  type: FrameType.Hello,
  protocolVersion,
  features: [],
  clientName: 'test',
});
const nobody: Auth = {
  type: FrameType.Auth,
  publicKey: new Uint8Array(32),
  signature: new Uint8Array(64),
  displayName: 'Ada',
  password: '',
  ticket: null,
  continuedToken: 0,
  work: null,
  accountPassword: '',
  inviteCode: '',
  botPass: null,
};
const auth = encodeMessage(nobody);
const joinRoom = encodeMessage({ type: FrameType.JoinRoom, roomId: rootRoomId });

let directory: string;
let store: Store;
let files: FileDesk;
let voice: VoicePlane;
let endpoint: NotedEndpoint;
let plane: ControlPlane;

beforeEach(async () => {
  const log = pino({ level: 'silent' });
  directory = mkdtempSync(join(tmpdir(), 'rookery-plane-'));
  store = await openStore({ dataDirectory: directory, limits: controlLimits.store, log });
  files = new FileDesk({ dataDirectory: directory, store, limits: controlLimits.uploads, log });
  voice = await startVoicePlane({
    host: '127.0.0.1',
    port: 0,
    limits: voiceLimits,
    onWorkerFault: () => undefined,
  });
  endpoint = new NotedEndpoint();
  const driver = { endpoint, wake: () => undefined } as unknown as QuicDriver;
  const entry = await openEntry(
    { password: null, registration: null, dataDirectory: directory },
    store,
    controlLimits,
  );
  plane = new ControlPlane(driver, {
    limits: { ...controlLimits, session: { ...controlLimits.session, closeLingerMs: 1 } },
    serverName: 'Test',
    everyoneIs: 'admin',
    bots: 'operators',
    serverCard: 'shown',
    entry,
    voice,
    store,
    files,
    pluginsFolder: join(directory, 'plugins'),
    log,
  });
});

afterEach(async () => {
  await plane.stop();
  await voice.close();
  await files.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

function early(stream: number, bytes: Uint8Array): QuicEvent {
  return { type: 'stream', connection: 1, stream, bytes, fin: false, early: true };
}

function refusals(): Partial<ControlPlaneStats['protocolErrors']> {
  const counted = Object.entries(plane.stats().protocolErrors).filter(([, count]) => count > 0);
  return Object.fromEntries(counted);
}

describe('0-RTT data', () => {
  test('may be Hello, even before the connection is known', () => {
    plane.handleEvent(early(controlStream, hello));
    expect(endpoint.written()).toMatchObject([{ type: FrameType.HelloAck }]);
    expect(refusals()).toEqual({});
  });

  test.each([
    ['a login', controlStream, auth],
    ['a command', commandStream, Uint8Array.of(0x01, ...joinRoom)],
    ['a ping', controlStream, encodeMessage({ type: FrameType.Ping, nonce: 1 })],
  ])('may not be %s', (_what, stream, bytes) => {
    plane.handleEvent(early(controlStream, hello));
    plane.handleEvent(early(stream, bytes));
    expect(endpoint.written().at(-1)).toMatchObject({ type: FrameType.Error });
    expect(refusals()).toEqual({ earlyData: 1 });
  });
});

describe('a connection', () => {
  test('is preferred, and its address known, once it has logged in', () => {
    plane.handleEvent({ ...early(controlStream, hello), early: false } as QuicEvent);
    const [answer] = endpoint.written();
    if (answer?.type !== FrameType.HelloAck) throw new Error('no HelloAck came');
    expect(endpoint.preferred).toEqual([]);
    expect(plane.isKnown('192.0.2.1')).toBe(false);
    const { publicKey, privateKey } = createIdentity();
    const signed = loginMessage(answer.challenge, new Uint8Array(32), protocolVersion);
    const signature = new Uint8Array(sign(null, signed, privateKey));
    const login = encodeMessage({ ...nobody, publicKey, signature });
    plane.handleEvent({ ...early(controlStream, login), early: false } as QuicEvent);
    expect(endpoint.preferred).toEqual([1]);
    expect(plane.isKnown('192.0.2.1')).toBe(true);
    expect(plane.isKnown('192.0.2.2')).toBe(false);
  });

  test('that is gone already is no fault', () => {
    endpoint.isGone = true;
    plane.handleEvent({ ...early(controlStream, hello), early: false } as QuicEvent);
    plane.handleEvent({ ...early(controlStream, auth), early: false } as QuicEvent);
    plane.handleEvent({
      type: 'closed',
      connection: 1,
      close: { by: 'peer', isApplication: true, code: 0, reason: '' },
    });
    expect(plane.stats().connections).toBe(0);
  });

  test('that comes while the server stops is closed', async () => {
    await plane.stop();
    plane.handleEvent({
      type: 'connected',
      connection: 2,
      remote: { host: '127.0.0.1', port: 1 },
      resumed: false,
      certificate: null,
    });
    expect(endpoint.closes).toEqual([4]);
  });
});
