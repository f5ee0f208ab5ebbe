import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { AuditEntry, InviteMade, RequestList, Uuid } from '@rookery/schemas/messages';
import { noPermissions } from '@rookery/schemas/permissions';
import { defaultRoomVoice, rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandPace } from '../testing/commandPace.js';
import { someBytes, upload } from '../testing/fileTransfers.js';
import { auditSeenBy, done, enterRoom, idOf, refusedWith } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { auditActionOf, type NotedCommand } from './auditedCommands.js';

let ranked: RankedServer;
let otto: TestClient;
let ulla: TestClient;

beforeAll(async () => {
  const lanes = commandPace({ perSecond: 1_000, burst: 1_000 });
  ranked = await startRankedServer({ Otto: 'owner', Ulla: 'admin' }, { lanes });
  otto = await ranked.joinAs('Otto');
  ulla = await ranked.joinAs('Ulla');
});
afterAll(() => ranked.close());

const somebody = (): Promise<TestClient> => ranked.server.join();
const newRoom = (): Promise<Uuid> =>
  done(otto, {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: rootRoomId,
    name: newUuid(),
  });
const group = { type: FrameType.PutGroup, roomId: null, grants: noPermissions } as const;
const newGroup = (): Promise<Uuid> =>
  done(otto, { ...group, groupId: null, name: 'Staff', memberIds: [] });
const open = { type: FrameType.SetRegistration, registration: Registration.Open } as const;

/** @returns a message of somebody, in the root room */
async function newMessage(author: TestClient): Promise<{ roomId: Uuid; messageId: Uuid }> {
  await done(author, enterRoom(rootRoomId));
  const messageId = await done(author, {
    ...{ type: FrameType.SendMessage, roomId: rootRoomId, text: 'Hello', replyToId: null },
    ...{ clientMessageId: newUuid(), attachmentIds: [] },
  });
  return { roomId: rootRoomId, messageId };
}

const newBan = (): Promise<Uuid> =>
  done(otto, {
    ...{ type: FrameType.Ban, userId: null, address: '192.0.2.1', withAddress: false },
    ...{ durationSeconds: 0, reason: '' },
  });

async function newInvite(): Promise<InviteMade> {
  const terms = { usesMax: 1, validSeconds: 60, note: '', role: 'member' } as const;
  return (await otto.ask<InviteMade>({ type: FrameType.MakeInvite, ...terms })) as InviteMade;
}

/** @returns the id of somebody who waits to be let in */
async function newRequest(): Promise<Uuid> {
  await done(otto, { ...open, registration: Registration.Approval });
  await (await ranked.server.connect()).login({ identity: createIdentity() });
  await done(otto, open);
  const { requests } = (await otto.ask({ type: FrameType.ReadRequests })) as RequestList;
  return requests[0]!.userId;
}

/** Prepares what a command is about; without one for each of them it does not compile. */
type Scenarios = {
  readonly [Command in NotedCommand as Command['type']]: () => Command | Promise<Command>;
};

const scenarios: Scenarios = {
  [FrameType.Kick]: async () => {
    return { type: FrameType.Kick, userId: idOf(await somebody()), reason: 'shouting' };
  },
  [FrameType.Ban]: async () => ({
    ...{ type: FrameType.Ban, userId: idOf(await somebody()), address: '', withAddress: false },
    ...{ durationSeconds: 60, reason: '' },
  }),
  [FrameType.Unban]: async () => ({ type: FrameType.Unban, banId: await newBan() }),
  [FrameType.ModerateUser]: async () => ({
    ...{ type: FrameType.ModerateUser, userId: idOf(await somebody()), reason: '' },
    ...{ muted: true, deafened: null, suppressed: null, prioritySpeaker: null },
  }),
  [FrameType.MoveUser]: async () => ({
    ...{ type: FrameType.MoveUser, userId: idOf(await somebody()), roomId: await newRoom() },
    reason: '',
  }),
  [FrameType.SetMessageOfTheDay]: () => {
    return { type: FrameType.SetMessageOfTheDay, text: 'Be kind.' };
  },
  [FrameType.ResolveReport]: async () => {
    const author = await somebody();
    const message = await newMessage(author);
    const reportId = await done(author, {
      ...{ type: FrameType.ReportMessage, ...message, reason: 'spam' },
    });
    return { type: FrameType.ResolveReport, reportId, resolution: 'told' };
  },

  [FrameType.RemoveFile]: async () => {
    const author = await somebody();
    await done(author, enterRoom(rootRoomId));
    const { uploadId } = await upload(author, { bytes: someBytes(100) });
    return { type: FrameType.RemoveFile, roomId: rootRoomId, uploadId, reason: 'not ours' };
  },

  [FrameType.CreateRoom]: () => {
    return { type: FrameType.CreateRoom, isTemporary: false, parentId: rootRoomId, name: 'Games' };
  },
  [FrameType.RenameRoom]: async () => {
    return { type: FrameType.RenameRoom, roomId: await newRoom(), name: 'Chess' };
  },
  [FrameType.EditRoom]: async () => {
    return { type: FrameType.EditRoom, roomId: await newRoom(), ...unchangedRoom, position: 3 };
  },
  [FrameType.SetRoomVoice]: async () => ({
    ...{ type: FrameType.SetRoomVoice, roomId: await newRoom(), ...defaultRoomVoice },
    speakersMax: 3,
  }),
  [FrameType.MoveRoom]: async () => {
    return { type: FrameType.MoveRoom, roomId: await newRoom(), parentId: await newRoom() };
  },
  [FrameType.DeleteRoom]: async () => ({ type: FrameType.DeleteRoom, roomId: await newRoom() }),
  [FrameType.LinkRooms]: async () => {
    return { type: FrameType.LinkRooms, firstId: await newRoom(), secondId: await newRoom() };
  },
  [FrameType.UnlinkRooms]: async () => {
    const rooms = { firstId: await newRoom(), secondId: await newRoom() };
    await done(otto, { type: FrameType.LinkRooms, ...rooms });
    return { type: FrameType.UnlinkRooms, ...rooms };
  },

  [FrameType.SetRole]: async () => {
    return { type: FrameType.SetRole, userId: idOf(await somebody()), role: 'moderator' };
  },
  [FrameType.SetGrants]: () => {
    return { type: FrameType.SetGrants, role: 'guest', grants: noPermissions };
  },
  [FrameType.PutGroup]: async () => {
    return { ...group, groupId: null, name: 'Guides', memberIds: [idOf(await somebody())] };
  },
  [FrameType.RemoveGroup]: async () => {
    return { type: FrameType.RemoveGroup, groupId: await newGroup() };
  },
  [FrameType.SetRoomRules]: async () => ({
    ...{ type: FrameType.SetRoomRules, roomId: await newRoom(), version: 0, entries: [] },
    ...{ inherits: false, requiredRole: null, password: null },
  }),

  [FrameType.MakeInvite]: () => ({
    ...{ type: FrameType.MakeInvite, role: 'member', usesMax: 1, validSeconds: 60, note: '' },
  }),
  [FrameType.WithdrawInvite]: async () => {
    return { type: FrameType.WithdrawInvite, inviteId: (await newInvite()).inviteId };
  },
  [FrameType.RedeemCode]: async () => {
    return { type: FrameType.RedeemCode, code: (await newInvite()).code };
  },
  [FrameType.RegisterUser]: async () => {
    return { type: FrameType.RegisterUser, userId: idOf(await somebody()) };
  },
  [FrameType.DenyRequest]: async () => {
    return { type: FrameType.DenyRequest, userId: await newRequest() };
  },
  [FrameType.SetRegistration]: () => open,
  [FrameType.SetAccountPassword]: async () => ({
    ...{ type: FrameType.SetAccountPassword, userId: idOf(await somebody()) },
    ...{ currentPassword: '', newPassword: '' },
  }),

  [FrameType.DeleteMessage]: async () => {
    return { type: FrameType.DeleteMessage, ...(await newMessage(await somebody())) };
  },
  [FrameType.PinMessage]: async () => {
    return { type: FrameType.PinMessage, ...(await newMessage(await somebody())) };
  },
  [FrameType.UnpinMessage]: async () => {
    const message = await newMessage(await somebody());
    await done(otto, { type: FrameType.PinMessage, ...message });
    return { type: FrameType.UnpinMessage, ...message };
  },
};

const names = new Map(Object.entries(FrameType).map(([name, type]) => [type, name]));

/** What came into the log since `before` was the newest there. */
async function notedSince(before: AuditEntry | undefined): Promise<readonly AuditEntry[]> {
  const entries = await auditSeenBy(otto);
  const since = entries.findIndex(({ auditId }) => auditId === before?.auditId);
  return since < 0 ? entries : entries.slice(0, since);
}

describe('what somebody did by a permission is in the log, once:', () => {
  const named = Object.entries(scenarios).map(
    ([type, prepare]) => [names.get(Number(type) as FrameType), prepare] as const,
  );
  test.each(named)('%s', async (name, prepare) => {
    const command = await prepare();
    // A code is used by who is not an owner already.
    const actor = command.type === FrameType.RedeemCode ? await somebody() : otto;
    await done(actor, enterRoom(rootRoomId));
    const [before] = await auditSeenBy(otto);
    const answer = await actor.command(command);
    expect(answer.type, `${name}: ${JSON.stringify(answer)}`).not.toBe(FrameType.Error);
    const action = auditActionOf(command.type);
    const entry = { action, actorId: idOf(actor), isRefused: false };
    expect(await notedSince(before), name).toMatchObject([entry]);
  });
});

test('who is refused because of a higher role is in the log, once', async () => {
  await done(ulla, enterRoom(rootRoomId));
  const message = await newMessage(otto);
  const userId = idOf(otto);
  const secret = { currentPassword: '', newPassword: '' };
  const refused: NotedCommand[] = [
    { type: FrameType.Kick, userId, reason: '' },
    { type: FrameType.SetRole, userId, role: 'guest' },
    { type: FrameType.SetGrants, role: 'admin', grants: noPermissions },
    { type: FrameType.SetAccountPassword, userId, ...secret },
    { type: FrameType.DeleteMessage, ...message },
  ];
  for (const command of refused) {
    const name = names.get(command.type);
    const [before] = await auditSeenBy(otto);
    expect(await refusedWith(ulla, command), name).toBe(ErrorCode.NotPermitted);
    const action = auditActionOf(command.type);
    const entry = { action, actorId: idOf(ulla), isRefused: true };
    expect(await notedSince(before), name).toMatchObject([entry]);
  }
});

test('what somebody does with messages and passwords of their own is not in the log', async () => {
  const [before] = await auditSeenBy(otto);
  const message = await newMessage(ulla);
  await done(ulla, { type: FrameType.PinMessage, ...message });
  await done(ulla, { type: FrameType.UnpinMessage, ...message });
  await done(ulla, { type: FrameType.DeleteMessage, ...message });
  await done(ulla, {
    ...{ type: FrameType.SetAccountPassword, userId: null },
    ...{ currentPassword: '', newPassword: 'battery staple' },
  });
  expect(await notedSince(before)).toEqual([]);
});

test('nothing of a talk is in the log, neither what is done nor what is refused', async () => {
  const roomId = await done(ulla, { type: FrameType.OpenTalk, userId: idOf(otto) });
  const messageId = await done(ulla, {
    ...{ type: FrameType.SendMessage, roomId, text: 'Secret', replyToId: null },
    ...{ clientMessageId: newUuid(), attachmentIds: [] },
  });
  const [before] = await auditSeenBy(otto);
  await done(otto, { type: FrameType.PinMessage, roomId, messageId });
  await done(otto, { type: FrameType.UnpinMessage, roomId, messageId });
  const deletion = { type: FrameType.DeleteMessage, roomId, messageId } as const;
  expect(await refusedWith(otto, deletion)).toBe(ErrorCode.NotPermitted);
  expect(await notedSince(before)).toEqual([]);
});
