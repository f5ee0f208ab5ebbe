import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import type {
  BanList,
  CommandMessage,
  ModerateUser,
  UserModeration,
  Uuid,
} from '@rookery/schemas/messages';
import { CloseCode, rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { serverLimits } from '../limits.js';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { auditSeenBy, done, enterRoom, idOf, refusedWith, tokenOf } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import { VoicePeer } from '../testing/relayStage.js';
import type { TestClient } from '../testing/testClient.js';
import { openTestClients } from '../testing/testServer.js';

let ranked: RankedServer;
/** The moderator. */
let mona: TestClient;
/** Whom she moderates. */
let tom: TestClient;
let peers: LoopbackPeer[];

const moderation = { ...serverLimits.moderation, kickedMs: 200 };

beforeEach(async () => {
  peers = [];
  const ranks = { Mona: 'moderator', Tom: 'member', Ulla: 'admin', Otto: 'owner' } as const;
  ranked = await startRankedServer(ranks, { moderation });
  mona = await ranked.joinAs('Mona');
  tom = await ranked.joinAs('Tom');
});
afterEach(async () => {
  for (const peer of peers) await peer.close();
  await ranked.close();
});

const kick = (client: TestClient, reason = ''): CommandMessage => ({
  type: FrameType.Kick,
  userId: idOf(client),
  reason,
});
const banning = {
  type: FrameType.Ban,
  userId: null,
  address: '',
  withAddress: false,
  durationSeconds: 0,
  reason: '',
} as const;
const moderate = (client: TestClient, change: Partial<UserModeration>): ModerateUser => ({
  type: FrameType.ModerateUser,
  userId: idOf(client),
  ...{ muted: null, deafened: null, suppressed: null, prioritySpeaker: null },
  ...change,
  reason: '',
});
const move = (client: TestClient, roomId: Uuid): CommandMessage => ({
  type: FrameType.MoveUser,
  userId: idOf(client),
  roomId,
  reason: '',
});
async function createRoom(name: string): Promise<Uuid> {
  return done(mona, { type: FrameType.CreateRoom, isTemporary: false, parentId: rootRoomId, name });
}

async function voiceOf({ authOk }: TestClient): Promise<LoopbackPeer> {
  const { sessionToken, hopKey, voicePort } = authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  peers.push(peer);
  await peer.ping();
  return peer;
}

/** Both in the root room; what Tom sends reaches Mona. */
async function speaking(): Promise<{ toms: LoopbackPeer; monas: LoopbackPeer }> {
  await done(mona, enterRoom(rootRoomId));
  await done(tom, enterRoom(rootRoomId));
  const [toms, monas] = [await voiceOf(tom), await voiceOf(mona)];
  toms.send(toms.peer.voice());
  await monas.ping();
  expect(monas.heard).toHaveLength(1);
  return { toms, monas };
}

describe('a speaker', () => {
  test('who is kicked is gone at once, and may not come back for a moment', async () => {
    const { toms, monas } = await speaking();
    await done(mona, kick(tom, 'shouting'));
    toms.send(toms.peer.voice());
    await monas.ping();
    expect(monas.heard).toHaveLength(1);
    await tom.untilClosed();
    expect(tom.closed).toMatchObject({ code: CloseCode.Kicked });
    expect(tom.control.at(-1)).toMatchObject({
      ...{ type: FrameType.Goodbye, reason: GoodbyeReason.Kicked, message: 'shouting' },
    });
    await mona.until('Tom is gone', () => !mona.sessions.has(tokenOf(tom)));
    const again = await ranked.server.connect();
    const login = { identity: ranked.identities.get('Tom')!, continuedToken: tokenOf(tom) };
    expect(await again.login(login)).toMatchObject({ reason: AuthFailure.Banned });
    expect((await auditSeenBy(mona))[0]).toMatchObject({
      ...{ action: 'kick', actorName: 'Mona', targetName: 'Tom', detail: 'shouting' },
      roomId: rootRoomId,
    });
  });

  test('who is muted is not heard, also in another session, until it is taken back', async () => {
    const { toms, monas } = await speaking();
    await done(mona, moderate(tom, { muted: true }));
    toms.send(toms.peer.voice());
    await monas.ping();
    expect(monas.heard).toHaveLength(1);
    await tom.until('Tom sees it', () => tom.self.mutedByModerator);
    // What one says of oneself changes nothing.
    await done(tom, { type: FrameType.SetSelfState, muted: false, deafened: false });
    tom.close();
    await tom.untilClosed();
    await ranked.restart();
    [mona, tom] = [await ranked.joinAs('Mona'), await ranked.joinAs('Tom')];
    await done(mona, enterRoom(rootRoomId));
    await done(tom, enterRoom(rootRoomId));
    expect(tom.self.mutedByModerator).toBe(true);
    const [tomAgain, monaAgain] = [await voiceOf(tom), await voiceOf(mona)];
    tomAgain.send(tomAgain.peer.voice());
    await monaAgain.ping();
    expect(monaAgain.heard).toHaveLength(0);
    await done(mona, moderate(tom, { muted: false }));
    tomAgain.send(tomAgain.peer.voice());
    await monaAgain.ping();
    expect(monaAgain.heard).toHaveLength(1);
  });

  test('who is suppressed is heard again in the next room', async () => {
    const { toms, monas } = await speaking();
    const games = await createRoom('Games');
    await done(mona, moderate(tom, { suppressed: true }));
    toms.send(toms.peer.voice());
    await monas.ping();
    expect(monas.heard).toHaveLength(1);
    await done(mona, enterRoom(games));
    await done(tom, enterRoom(games));
    toms.send(toms.peer.voice());
    await monas.ping();
    expect(monas.heard).toHaveLength(2);
  });

  test('who is moved is heard by nobody of the room before', async () => {
    const { toms, monas } = await speaking();
    const games = await createRoom('Games');
    await done(mona, move(tom, games));
    toms.send(toms.peer.voice());
    await monas.ping();
    expect(monas.heard).toHaveLength(1);
    await tom.until('Tom sees it', () => tom.self.roomId === games);
    expect((await auditSeenBy(mona))[0]).toMatchObject({ action: 'moveUser', roomId: games });
  });

  test('who is deafened hears nobody', async () => {
    const { toms, monas } = await speaking();
    await done(mona, moderate(tom, { deafened: true }));
    monas.send(monas.peer.voice());
    await monas.ping();
    await toms.ping();
    expect(toms.heard).toHaveLength(0);
  });

  test('with priority is shown so, until it leaves the room', async () => {
    await speaking();
    await done(mona, moderate(mona, { prioritySpeaker: true }));
    await tom.until('Tom sees it', () => tom.sessions.get(tokenOf(mona))!.isPrioritySpeaker);
    expect(await refusedWith(tom, moderate(tom, { prioritySpeaker: true }))).toBe(
      ErrorCode.NotPermitted,
    );
    await done(mona, enterRoom(await createRoom('Games')));
    await mona.until('it is over', () => !mona.self.isPrioritySpeaker);
  });
});

describe('a ban', () => {
  const again = async (): Promise<unknown> => {
    const client = await ranked.server.connect();
    return client.login({ identity: ranked.identities.get('Tom')!, displayName: 'Tom' });
  };

  test('of a user ends the session, and holds over restarts until it is lifted', async () => {
    const reason = 'shouting';
    const banId = await done(mona, { ...banning, userId: idOf(tom), reason });
    expect(await tom.untilClosed()).toMatchObject({ code: CloseCode.Banned });
    expect(await again()).toMatchObject({
      reason: AuthFailure.Banned,
      message: 'You are banned from this server: shouting',
    });
    await ranked.restart();
    expect(await again()).toMatchObject({ reason: AuthFailure.Banned });
    mona = await ranked.joinAs('Mona');
    const list = await mona.ask<BanList>({ type: FrameType.ReadBans, beforeId: null });
    expect(list).toMatchObject({
      bans: [{ banId, userName: 'Tom', byName: 'Mona', hasAddress: false, expiresAtMs: null }],
    });
    await done(mona, { type: FrameType.Unban, banId });
    expect(await again()).toMatchObject({ type: FrameType.AuthOk });
    expect(await refusedWith(mona, { type: FrameType.Unban, banId })).toBe(ErrorCode.NoSuchBan);
    expect((await auditSeenBy(mona)).map(({ action }) => action)).toEqual(['unban', 'ban']);
  });

  test('ends also a session that waits for its client to come back', async () => {
    tom.close(CloseCode.Lost);
    const isWaiting = (): boolean => mona.sessions.get(tokenOf(tom))?.isReconnecting === true;
    await mona.until('Tom is reconnecting', isWaiting);
    await done(mona, { ...banning, userId: idOf(tom) });
    await mona.until('Tom is gone', () => !mona.sessions.has(tokenOf(tom)));
  });

  test('of addresses ends sessions from there, and the door stays shut', async () => {
    const { port } = ranked.server.running.info.quic;
    const elsewhere = await openTestClients(port, '127.0.0.2');
    try {
      const uwe = await elsewhere.connect();
      await uwe.login({ displayName: 'Uwe' });
      await mona.until('Uwe is here', () => mona.sessions.has(tokenOf(uwe)));
      const banId = await done(mona, { ...banning, address: '127.0.0.2/31' });
      expect(await uwe.untilClosed()).toMatchObject({ code: CloseCode.Banned });
      const refused = await elsewhere.connect();
      expect(refused.authOk).toBeNull();
      expect(refused.closed).not.toBeNull();
      await done(mona, { type: FrameType.Unban, banId });
      const welcome = await elsewhere.connect();
      expect(await welcome.login()).toMatchObject({ type: FrameType.AuthOk });
    } finally {
      await elsewhere.close();
    }
  });

  test('of a user with the address keeps others from there away, too', async () => {
    const { port } = ranked.server.running.info.quic;
    const elsewhere = await openTestClients(port, '127.0.0.3');
    try {
      const uwe = await elsewhere.connect();
      await uwe.login({ displayName: 'Uwe' });
      await done(mona, { ...banning, userId: idOf(uwe), withAddress: true, durationSeconds: 60 });
      expect((await elsewhere.connect()).closed).not.toBeNull();
      // She may not see addresses, but that there is one.
      const list = await mona.ask<BanList>({ type: FrameType.ReadBans, beforeId: null });
      expect(list).toMatchObject({ bans: [{ hasAddress: true, address: '' }] });
    } finally {
      await elsewhere.close();
    }
  });

  test('needs somebody to ban, and shuts out neither its maker nor the machine', async () => {
    for (const wrong of [{}, { address: 'tom' }, { address: '0.0.0.0/0' }]) {
      expect(await refusedWith(mona, { ...banning, ...wrong })).toBe(ErrorCode.InvalidField);
    }
    const own = { ...banning, address: '127.0.0.1' };
    expect(await refusedWith(mona, own)).toBe(ErrorCode.InvalidField);
    const withAddress = { ...banning, userId: idOf(tom), withAddress: true };
    expect(await refusedWith(mona, withAddress)).toBe(ErrorCode.InvalidField);
    const unknown = { ...banning, userId: newUuid() };
    expect(await refusedWith(mona, unknown)).toBe(ErrorCode.NoSuchUser);
  });
});

describe('rank', () => {
  test('keeps moderators from acting on those of their own or a higher role', async () => {
    const ulla = await ranked.joinAs('Ulla');
    for (const command of [
      kick(ulla),
      { ...banning, userId: idOf(ulla) },
      moderate(ulla, { muted: true }),
      move(ulla, rootRoomId),
      moderate(mona, { muted: true }),
    ]) {
      expect(await refusedWith(mona, command)).toBe(ErrorCode.NotPermitted);
    }
    expect(ulla.closed).toBeNull();
    expect(ulla.self.mutedByModerator).toBe(false);
    const entries = await auditSeenBy(mona);
    expect(entries).toHaveLength(5);
    expect(entries.every(({ isRefused }) => isRefused)).toBe(true);
  });

  test('is written down where somebody has not even the permission', async () => {
    expect(await refusedWith(tom, kick(mona))).toBe(ErrorCode.NotPermitted);
    expect((await auditSeenBy(mona))[0]).toMatchObject({
      ...{ action: 'kick', actorName: 'Tom', targetName: 'Mona', isRefused: true },
    });
  });

  test('lets owners act on everybody', async () => {
    const [ulla, otto] = [await ranked.joinAs('Ulla'), await ranked.joinAs('Otto')];
    await done(otto, kick(ulla));
    expect(await ulla.untilClosed()).toMatchObject({ code: CloseCode.Kicked });
  });
});
