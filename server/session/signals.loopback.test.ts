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
import { patientLimits } from '../testing/patientLimits.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
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

/** What comes back with an answer comes after what was counted; a few answers are waited for. */
async function answersUntil(client: TestClient, isCounted: () => boolean): Promise<void> {
  for (let tries = 0; !isCounted() && tries < 100; tries++) {
    await client.command({ type: FrameType.ReadUnread, roomIds: [] });
  }
}

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

test('a speaker is told what those in the room miss, and nothing by others', async () => {
  const stranger = await server.join();
  const { sessionToken } = ada.authOk!;
  signal(stranger, { kind: 'receiverReport', losses: [[sessionToken, 100]] });
  await answersUntil(stranger, () => stats().droppedUnheard === 1);
  signal(bob, { kind: 'receiverReport', losses: [[sessionToken, 20]] });
  const reports = (): unknown[] =>
    ada.datagrams.map(decodeServerSignal).filter((read) => read?.kind === 'receiverReport');
  await ada.until('Ada knows', () => reports().length > 0);
  expect(reports()[0]).toEqual({ kind: 'receiverReport', lossPct: 20 });
  expect(stats()).toMatchObject({ receiverReport: 2, droppedUnheard: 1 });
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

test('a user has one budget over all sessions, and an address one for all users', async () => {
  const once = { perSecond: 0.001, burst: 3, refusedMax: 10 };
  const userPace = { ...patientLimits.userPace, signal: once };
  const paced = await startTestServer(
    {},
    { abuse: { ...patientLimits, userPace, addressShare: 2 } },
  );
  const counted = (): SignalStats => (paced.running.stats() as { signals: SignalStats }).signals;
  const identity = createIdentity();
  const away = async (client: TestClient, passed: number, dropped: number): Promise<void> => {
    signal(client, { kind: 'presence', status: 'away' });
    const isCounted = (): boolean =>
      counted().presence === passed && counted().droppedRate === dropped;
    await answersUntil(client, isCounted);
    expect(counted()).toMatchObject({ presence: passed, droppedRate: dropped });
  };
  for (let login = 1; login <= 3; login++) await away(await paced.join({ identity }), login, 0);
  await away(await paced.join({ identity }), 3, 1);
  const others = [await paced.join(), await paced.join()];
  for (let count = 4; count <= 6; count++) await away(others[0]!, count, 1);
  await away(others[1]!, 6, 2);
  await paced.close();
});
