import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { CallEntry } from '@rookery/schemas/generated/rookery/call-entry';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CallInfo, CommandMessage, Uuid } from '@rookery/schemas/messages';
import { CloseCode, rootRoomId } from '@rookery/schemas/protocol';
import { decodeServerSignal, encodeClientSignal } from '@rookery/schemas/signalDatagram';
import { serverLimits } from '../limits.js';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { VoicePeer } from '../testing/relayStage.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const bobsKey = createIdentity();
let server: TestServer;
let ada: TestClient;
let bob: TestClient;
let cleo: TestClient;
let peers: LoopbackPeer[];

const session = { ...serverLimits.session, closeLingerMs: 50, sweepIntervalMs: 10 };
let calls: { callsMax: number; ringMs: number };

beforeEach(async () => {
  calls = { callsMax: 2, ringMs: 60_000 };
  server = await startTestServer({}, { calls, session });
  peers = [];
  ada = await server.join({ displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob', identity: bobsKey });
  cleo = await server.join({ displayName: 'Cleo' });
});

afterEach(async () => {
  for (const peer of peers) await peer.close();
  await server.close();
});

const idOf = (client: TestClient): Uuid => client.authOk!.userId;
const tokenOf = (client: TestClient): number => client.authOk!.sessionToken;

async function done(client: TestClient, command: CommandMessage): Promise<Uuid> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId ?? '';
}

const enter = (talkId: Uuid, entry = CallEntry.Ring): CommandMessage => ({
  type: FrameType.EnterCall,
  talkId,
  entry,
});
const hangUp: CommandMessage = { type: FrameType.LeaveCall };
const decline = (talkId: Uuid): CommandMessage => ({ type: FrameType.DeclineCall, talkId });
const joinLobby: CommandMessage = { type: FrameType.JoinRoom, roomId: rootRoomId };

const openTalk = (client: TestClient, other: TestClient): Promise<Uuid> =>
  done(client, { type: FrameType.OpenTalk, userId: idOf(other) });
const createGroup = (client: TestClient, ...others: TestClient[]): Promise<Uuid> =>
  done(client, { type: FrameType.CreateTalk, name: 'Chess', userIds: others.map(idOf) });

/** Waits until a client was told that these are in the call. */
async function sees(client: TestClient, ...members: TestClient[]): Promise<CallInfo> {
  const tokens = members.map(tokenOf);
  const shown = (): number[] =>
    client.calls.at(-1)?.members.map(({ sessionToken }) => sessionToken) ?? [];
  const what = `${tokens.join()} are in the call`;
  await client.until(what, () => shown().join() === tokens.join());
  return client.calls.at(-1)!;
}

/** The client's voice on a socket of its own, which the relay knows. */
async function voiceOf({ authOk }: TestClient): Promise<LoopbackPeer> {
  const { sessionToken, hopKey, voicePort } = authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  peers.push(peer);
  await peer.ping();
  return peer;
}

/** Lets somebody speak. @returns how many frames more each of these heard */
async function speak(speaker: LoopbackPeer, ...ears: LoopbackPeer[]): Promise<number[]> {
  const before = ears.map(({ heard }) => heard.length);
  speaker.send(speaker.peer.voice());
  await speaker.ping();
  for (const ear of ears) await ear.ping();
  return ears.map(({ heard }, index) => heard.length - before[index]!);
}

/** The keys of a call that a client was given, by epoch. */
const epochsOf = ({ roomKeys }: TestClient, talkId: Uuid): number[] =>
  roomKeys.filter(({ roomId }) => roomId === talkId).map(({ epoch }) => epoch);

const clients = (): TestClient[] => [ada, bob, cleo];

describe('voice of a call', () => {
  test('reaches who is in it, and neither strangers nor the room that one left', async () => {
    for (const client of clients()) await done(client, joinLobby);
    const talkId = await openTalk(ada, bob);
    await done(ada, enter(talkId));
    await done(bob, enter(talkId, CallEntry.Answer));
    await Promise.all([sees(ada, ada, bob), sees(bob, ada, bob)]);
    const [voice, partner, stranger] = await Promise.all(clients().map(voiceOf));
    expect(await speak(voice!, partner!, stranger!)).toEqual([1, 0]);
    expect(await speak(partner!, voice!, stranger!)).toEqual([1, 0]);
    expect(await speak(stranger!, voice!, partner!)).toEqual([0, 0]);
    expect(clients().map((client) => epochsOf(client, talkId).length)).toEqual([1, 1, 0]);
    const keyOf = (client: TestClient) => client.roomKeys.find(({ roomId }) => roomId === talkId);
    expect(keyOf(ada)).toEqual(keyOf(bob));
    await cleo.until('they left the room', () => cleo.view.membersOf(rootRoomId)?.size === 1);
    expect(cleo.sessions.get(tokenOf(ada))?.roomId).toBeNull();
    expect(cleo.calls).toEqual([]);
    const report = (client: TestClient, lossPct: number): void => {
      const losses = [[tokenOf(ada), lossPct]] as const;
      client.sendDatagram(encodeClientSignal({ kind: 'receiverReport', losses }));
    };
    report(cleo, 100);
    report(bob, 20);
    const reported = (): unknown[] =>
      ada.datagrams.map(decodeServerSignal).filter((read) => read?.kind === 'receiverReport');
    await ada.until('Ada knows what Bob misses', () => reported().length > 0);
    expect(reported()).toEqual([{ kind: 'receiverReport', lossPct: 20 }]);
    expect([...cleo.rooms.keys()]).toEqual([rootRoomId]);
  });

  test('reaches nobody who hung up, and has another key then', async () => {
    const talkId = await createGroup(ada, bob, cleo);
    for (const client of clients()) await done(client, enter(talkId));
    await sees(ada, ada, bob, cleo);
    const [voice, partner, leaver] = await Promise.all(clients().map(voiceOf));
    expect(await speak(voice!, partner!, leaver!)).toEqual([1, 1]);
    const epochsOfLeaver = epochsOf(cleo, talkId);
    await done(cleo, hangUp);
    expect(await speak(voice!, partner!, leaver!)).toEqual([1, 0]);
    expect(await speak(leaver!, voice!, partner!)).toEqual([0, 0]);
    await sees(cleo, ada, bob);
    for (const client of [ada, bob]) {
      expect(epochsOf(client, talkId).at(-1)).toBe(epochsOfLeaver.at(-1)! + 1);
    }
    expect(epochsOf(cleo, talkId)).toEqual(epochsOfLeaver);
  });

  test('ends where one enters a room or leaves the talk', async () => {
    const talkId = await createGroup(ada, bob, cleo);
    for (const client of clients()) await done(client, enter(talkId));
    const [voice, joiner, leaver] = await Promise.all(clients().map(voiceOf));
    await done(bob, joinLobby);
    await done(cleo, { type: FrameType.LeaveTalk, talkId });
    expect(await speak(voice!, joiner!, leaver!)).toEqual([0, 0]);
    await sees(ada, ada);
    // Cleo takes part no longer, and is told no more of it.
    expect(cleo.calls.at(-1)?.members.length).toBeGreaterThan(1);
    expect(await cleo.command(enter(talkId))).toMatchObject({ code: ErrorCode.NoSuchRoom });
    expect(await bob.command(hangUp)).toMatchObject({ code: ErrorCode.NoSuchCall });
  });

  test('is of one call at a time, and no frame of a muted one is heard', async () => {
    const [first, second] = [await openTalk(ada, bob), await openTalk(ada, cleo)];
    for (const [client, talkId] of [
      [ada, first],
      [bob, first],
      [cleo, second],
    ] as const) {
      await done(client, enter(talkId));
    }
    const [voice, left, met] = await Promise.all(clients().map(voiceOf));
    await done(ada, enter(second));
    expect(await speak(voice!, left!, met!)).toEqual([0, 1]);
    await sees(bob, bob);
    await done(ada, { type: FrameType.SetSelfState, muted: true, deafened: false });
    expect(await speak(voice!, met!)).toEqual([0]);
    await cleo.until('Ada is shown muted', () => cleo.calls.at(-1)?.members[1]?.muted === true);
    await done(ada, { type: FrameType.SetRecording, isRecording: true });
    await cleo.until('and to record', () => cleo.calls.at(-1)?.members[1]?.isRecording === true);
  });
});

describe('a call', () => {
  test('rings at its partners who are there until they answer or decline', async () => {
    const talkId = await createGroup(ada, bob, cleo);
    await done(ada, enter(talkId));
    const ringing = await sees(bob, ada);
    expect(ringing).toMatchObject({ talkId, ringingUserIds: [idOf(bob), idOf(cleo)] });
    expect(Math.abs(ringing.startedAtMs - Date.now())).toBeLessThan(60_000);
    await done(bob, decline(talkId));
    await done(cleo, enter(talkId, CallEntry.Answer));
    const answered = await sees(ada, ada, cleo);
    expect(answered).toMatchObject({ ringingUserIds: [], declinedUserIds: [idOf(bob)] });
    // Who comes to a call disturbs nobody; who is in it may call the others again.
    await done(cleo, enter(talkId));
    await bob.until('it rings', () => bob.calls.at(-1)!.ringingUserIds.includes(idOf(bob)));
  });

  test('is over with its last one, and its place is free', async () => {
    const talkId = await openTalk(ada, bob);
    for (let round = 0; round < 2; round++) {
      await done(ada, enter(talkId));
      await sees(bob, ada);
      expect(server.running.stats()).toMatchObject({ calls: 1 });
      await done(ada, hangUp);
      const over = await sees(bob);
      expect(over).toMatchObject({ talkId, members: [] });
      expect(server.running.stats()).toMatchObject({ calls: 0 });
    }
    expect(await bob.command(enter(talkId, CallEntry.Answer))).toMatchObject({
      code: ErrorCode.NoSuchCall,
    });
    await done(bob, enter(talkId, CallEntry.Return));
    expect(await sees(ada, bob)).toMatchObject({ ringingUserIds: [] });
    await done(bob, joinLobby);
    await sees(ada);
  });

  test('is refused to who takes no part in the talk', async () => {
    const talkId = await openTalk(ada, bob);
    await done(ada, enter(talkId));
    const noSuchRoom = { code: ErrorCode.NoSuchRoom };
    const noSuchCall = { code: ErrorCode.NoSuchCall };
    for (const entry of [CallEntry.Ring, CallEntry.Answer, CallEntry.Return]) {
      expect(await cleo.command(enter(talkId, entry))).toMatchObject(noSuchRoom);
    }
    expect(await cleo.command(enter(rootRoomId))).toMatchObject(noSuchRoom);
    expect(await cleo.command(decline(talkId))).toMatchObject(noSuchCall);
    expect(await cleo.command({ type: FrameType.JoinRoom, roomId: talkId })).toMatchObject(
      noSuchRoom,
    );
    const listen = { type: FrameType.Listen, roomIds: [talkId] } as const;
    expect(await cleo.command(listen)).toMatchObject(noSuchRoom);
    expect(await bob.command(hangUp)).toMatchObject(noSuchCall);
    await sees(ada, ada);
    expect(cleo.calls).toEqual([]);
  });

  test('is told to who comes to the talk, and to who comes to the server', async () => {
    const talkId = await createGroup(ada, bob);
    await done(ada, enter(talkId));
    const addedUserIds = [idOf(cleo)];
    await done(ada, { type: FrameType.EditTalk, talkId, name: null, addedUserIds });
    expect(await sees(cleo, ada)).toMatchObject({ talkId, ringingUserIds: [idOf(bob)] });
    bob.close();
    const again = await server.join({ displayName: 'Bob', identity: bobsKey });
    const call = await sees(again, ada);
    // In the order in which they learn of it: the talk first, then its call.
    expect(again.talkMessages).toMatchObject([{ talks: [{ talkId }] }]);
    expect(call.ringingUserIds).toEqual([idOf(again)]);
  });

  test('goes on for who lost the connection, and ends with the session', async () => {
    const talkId = await openTalk(ada, bob);
    await done(ada, enter(talkId));
    await done(bob, enter(talkId));
    await sees(bob, ada, bob);
    bob.close(CloseCode.Lost);
    await ada.until('Bob is shown so', () => ada.calls.at(-1)!.members[1]!.isReconnecting);
    const continuedToken = tokenOf(bob);
    const again = await server.join({ displayName: 'Bob', identity: bobsKey, continuedToken });
    // It knows of its call, and has the key, before it is shown itself: it need not ask.
    const types = again.viewTypes;
    expect(types.indexOf(FrameType.RoomKey)).toBeLessThan(types.indexOf(FrameType.CallPut));
    expect(types.indexOf(FrameType.CallPut)).toBeLessThan(types.indexOf(FrameType.OwnSession));
    expect(epochsOf(again, talkId)).toEqual([0]);
    expect(await sees(again, ada, bob)).toMatchObject({ talkId });
    expect(epochsOf(ada, talkId)).toEqual([0]);
    const [voice, ears] = await Promise.all([ada, again].map(voiceOf));
    expect(await speak(voice!, ears!)).toEqual([1]);
    again.close();
    await sees(ada, ada);
    expect(epochsOf(ada, talkId)).toEqual([0, 1]);
  });
});

test('calls ring so long, and there are so many at a time', async () => {
  calls.ringMs = 50;
  calls.callsMax = 1;
  const talkId = await openTalk(ada, bob);
  const other = await openTalk(cleo, bob);
  await done(ada, enter(talkId));
  await ada.until('it rings no longer', () => ada.calls.at(-1)?.ringingUserIds.length === 0);
  expect(await cleo.command(enter(other))).toMatchObject({ code: ErrorCode.LimitReached });
  await done(ada, hangUp);
  await sees(bob);
  await done(cleo, enter(other));
});
