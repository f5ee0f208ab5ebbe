import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { DatagramKind, rootRoomId } from '@rookery/schemas/protocol';
import {
  decodeServerSignal,
  encodeClientSignal,
  type ClientSignal,
} from '@rookery/schemas/signalDatagram';
import { newUuid } from '@rookery/schemas/uuid';
import type { SignalStats } from './signals.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;
let ada: TestClient;
let bob: TestClient;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.join({ displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob' });
  for (const client of [ada, bob]) {
    await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  }
});

afterAll(async () => {
  await server.close();
});

const signal = (client: TestClient, what: ClientSignal): void =>
  client.sendDatagram(encodeClientSignal(what));

const stats = (): SignalStats => (server.running.stats() as { signals: SignalStats }).signals;

test('who types and who is away is told to the others', async () => {
  const { userId, sessionToken } = ada.authOk!;
  signal(ada, { kind: 'typing', placeId: rootRoomId });
  signal(ada, { kind: 'presence', status: 'away' });
  await bob.until('Bob knows', () => bob.datagrams.length >= 2);
  expect(bob.datagrams.map(decodeServerSignal)).toEqual([
    { kind: 'typing', placeId: rootRoomId, userIds: [userId] },
    { kind: 'presence', statuses: [[sessionToken, 'away']] },
  ]);
  expect(stats()).toMatchObject({ typing: 1, presence: 1, out: 4 });
});

test('what is wrong is dropped and counted, and a flood told to nobody', async () => {
  const stranger = await server.join();
  signal(stranger, { kind: 'typing', placeId: rootRoomId });
  signal(stranger, { kind: 'typing', placeId: newUuid() });
  stranger.sendDatagram(Uint8Array.of(DatagramKind.Presence, 9));
  for (let count = 0; count < 30; count++) signal(stranger, { kind: 'presence', status: 'idle' });
  const seen = (): boolean => stats().droppedRate > 0 && stats().droppedPlace === 2;
  await stranger.until('all is counted', seen);
  expect(stats().droppedMalformed).toBe(1);
  expect(stranger.closed).toBeNull();
});
