import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { permissionSet, type Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { done, enterRoom, idOf, tokenOf } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import { VoicePeer } from '../testing/relayStage.js';
import type { TestClient } from '../testing/testClient.js';

let ranked: RankedServer;
/** The owner, who changes what Tom may do. */
let olga: TestClient;
let tom: TestClient;
let toms: LoopbackPeer;
let olgas: LoopbackPeer;

beforeEach(async () => {
  ranked = await startRankedServer({ Olga: 'owner', Tom: 'member' });
  olga = await ranked.joinAs('Olga');
  tom = await ranked.joinAs('Tom');
  for (const client of [olga, tom]) await done(client, enterRoom(rootRoomId));
  toms = await voiceOf(tom);
  olgas = await voiceOf(olga);
});

afterEach(async () => {
  await toms.close();
  await olgas.close();
  await ranked.close();
});

async function voiceOf({ authOk }: TestClient): Promise<LoopbackPeer> {
  const { sessionToken, hopKey, voicePort } = authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  await peer.ping();
  return peer;
}

async function memberGrants(...names: Permission[]): Promise<void> {
  const grants = permissionSet(names);
  await done(olga, { type: FrameType.SetGrants, role: 'member', grants });
}

async function denyTom(permission: Permission, version: number): Promise<void> {
  const denies = permissionSet([permission]);
  const principal = { type: 'user', userId: idOf(tom) } as const;
  const entry = { principal, appliesHere: true, appliesBelow: true, grants: 0, denies };
  await done(olga, {
    ...{ type: FrameType.SetRoomRules, roomId: rootRoomId, version, entries: [entry] },
    ...{ inherits: true, requiredRole: null, password: null },
  });
}

/** What Tom sends now is relayed before this ends. @returns how much Olga has heard so far */
async function heardAfter(packet: Uint8Array): Promise<number> {
  toms.send(packet);
  await toms.ping();
  await olgas.ping();
  return olgas.heard.length;
}

describe('from the answer to the command on, nobody hears', () => {
  test('who lost speak by a rule of the room; and who got it back is heard', async () => {
    expect(await heardAfter(toms.peer.voice())).toBe(1);
    await denyTom('speak', 0);
    expect(await heardAfter(toms.peer.voice())).toBe(1);
    const shown = (): boolean | undefined => olga.sessions.get(tokenOf(tom))?.suppressedByRules;
    await olga.until('everybody is shown it', () => shown() === true);
    expect(tom.self.suppressedByRules).toBe(true);
    await denyTom('kick', 1);
    await olga.until('everybody is shown that it is over', () => shown() === false);
    expect(await heardAfter(toms.peer.voice())).toBe(2);
  });

  test('who comes into a room without it, where that is shown at once', async () => {
    await denyTom('speak', 0);
    await done(tom, { type: FrameType.LeaveRoom });
    await tom.until('it is of the room alone', () => !tom.self.suppressedByRules);
    const marks: boolean[] = [];
    const { mishear } = olga;
    olga.mishear = (message) => {
      const changes = message.type === FrameType.MembersUpdate ? message.changes : [];
      for (const change of changes) {
        if (change.kind === 'sessionPut' && change.session.roomId === rootRoomId) {
          marks.push(change.session.suppressedByRules);
        }
      }
      return mishear(message);
    };
    await done(tom, enterRoom(rootRoomId));
    const token = tokenOf(tom);
    await olga.until('Tom is back', () => olga.sessions.get(token)?.roomId === rootRoomId);
    // Told once, and never as somebody who might speak.
    expect(marks).toEqual([true]);
    expect(await heardAfter(toms.peer.voice())).toBe(0);
  });

  test('who lost speak by what the role grants, or by another role', async () => {
    expect(await heardAfter(toms.peer.voice())).toBe(1);
    await memberGrants('traverse', 'enter');
    expect(await heardAfter(toms.peer.voice())).toBe(1);
    await memberGrants('traverse', 'enter', 'speak');
    expect(await heardAfter(toms.peer.voice())).toBe(2);
    await done(olga, { type: FrameType.SetGrants, role: 'guest', grants: 0 });
    await done(olga, { type: FrameType.SetRole, userId: idOf(tom), role: 'guest' });
    expect(await heardAfter(toms.peer.voice())).toBe(2);
  });

  test.each([
    ['to a person', (): Targets => ({ sessionTokens: [tokenOf(olga)], roomIds: [] })],
    ['to a room', (): Targets => ({ sessionTokens: [], roomIds: [rootRoomId] })],
  ])('who lost whisper, %s', async (_, targets) => {
    const register = { type: FrameType.RegisterWhisper, withChildren: false, userIds: [] } as const;
    const answer = await tom.command({ ...register, ...targets() });
    if (answer.type !== FrameType.CommandDone) throw new Error(answer.message);
    const { listId } = answer;
    await tom.until('Tom may whisper', () => tom.whispersReady.length === 1);
    expect(await heardAfter(toms.peer.whisper(listId))).toBe(1);
    await denyTom('whisper', 0);
    expect(await heardAfter(toms.peer.whisper(listId))).toBe(1);
    // In the room Tom is heard as before.
    expect(await heardAfter(toms.peer.voice())).toBe(2);
  });
});

interface Targets {
  readonly sessionTokens: readonly number[];
  readonly roomIds: readonly Uuid[];
}
