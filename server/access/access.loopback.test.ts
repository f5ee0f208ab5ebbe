import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  AclEntry,
  ErrorMessage,
  Message,
  RoomRulesInfo,
  Uuid,
} from '@rookery/schemas/messages';
import { permissionSet, type Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { giveRole } from '../testing/giveRole.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let directory: string;
let server: TestServer;
let admin: TestClient;
let guest: TestClient;
let roomId: Uuid;
const guestIdentity = createIdentity();
const adminIdentity = createIdentity();

const start = (): Promise<TestServer> =>
  startTestServer({ dataDirectory: join(directory, 'data'), everyoneIs: 'guest' });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-access-'));
  await giveRole(join(directory, 'data'), adminIdentity, 'owner');
  server = await start();
  admin = await server.join({ identity: adminIdentity, displayName: 'Admin' });
  guest = await server.join({ identity: guestIdentity, displayName: 'Guest' });
  const create = {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: rootRoomId,
    name: 'Club',
  } as const;
  roomId = ((await admin.command(create)) as { createdId: Uuid }).createdId;
});

afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

function entry(fields: Partial<AclEntry>): AclEntry {
  const applies = { appliesHere: true, appliesBelow: true };
  return {
    principal: { type: 'role', role: 'guest' },
    ...applies,
    grants: 0,
    denies: 0,
    ...fields,
  };
}

const denying = (...names: Permission[]): AclEntry => entry({ denies: permissionSet(names) });

async function setRules(entries: AclEntry[], password: string | null = null): Promise<Message> {
  const read = { type: FrameType.ReadRoomRules, roomId } as const;
  const { version } = (await admin.ask<RoomRulesInfo>(read)) as RoomRulesInfo;
  const rules = { roomId, version, entries, inherits: true, requiredRole: null, password };
  return admin.command({ type: FrameType.SetRoomRules, ...rules });
}

function write(client: TestClient, text: string): Promise<Message> {
  return client.command({
    ...{ type: FrameType.SendMessage, roomId, text, clientMessageId: newUuid() },
    ...{ replyToId: null, attachmentIds: [] },
  });
}

test('rules end listening and reading at once, and are there after a restart', async () => {
  await guest.command({ type: FrameType.Subscribe, roomIds: [roomId] });
  await guest.command({ type: FrameType.Listen, roomIds: [roomId] });
  await admin.command({ type: FrameType.JoinRoom, roomId });
  await write(admin, 'for all');
  await guest.until('it is read', () => guest.messages.length === 1);
  expect(await setRules([denying('listen', 'text', 'enter')])).toMatchObject({
    type: FrameType.CommandDone,
  });
  await guest.until('listening ends', () => guest.view.own?.listeningTo.length === 0);
  await write(admin, 'for some');
  // Its answer comes after whatever was sent of the message.
  const history = {
    ...{ type: FrameType.ReadHistory, roomId, direction: 0, messageId: null, count: 10 },
  } as const;
  for (const command of [
    history,
    { type: FrameType.JoinRoom, roomId },
    { type: FrameType.Listen, roomIds: [roomId] },
  ] as const) {
    expect(await guest.command(command)).toMatchObject({ code: ErrorCode.NotPermitted });
  }
  expect(guest.messages.map(({ text }) => text)).toEqual(['for all']);
  await server.close();
  server = await start();
  admin = await server.join({ identity: adminIdentity });
  const kept = await admin.ask<RoomRulesInfo>({ type: FrameType.ReadRoomRules, roomId });
  expect(kept).toMatchObject({ version: 1, entries: [denying('listen', 'text', 'enter')] });
  const asked = { userId: guest.authOk!.userId, permission: 'text', roomId } as const;
  const why = await admin.command({ type: FrameType.ExplainPermission, ...asked });
  const text = 'No: entry 1 of room "Club", for the role guest, denies it.';
  expect(why).toMatchObject({ allowed: false, text });
});

test('nobody records where they may not, nor goes there recording', async () => {
  const record = { type: FrameType.SetRecording, isRecording: true } as const;
  const joinClub = { type: FrameType.JoinRoom, roomId } as const;
  const listenToClub = { type: FrameType.Listen, roomIds: [roomId] } as const;
  await setRules([denying('record')]);
  expect(await guest.command(joinClub)).toMatchObject({ type: FrameType.CommandDone });
  const refused = await guest.command(record);
  expect(refused).toMatchObject({ code: ErrorCode.NotPermitted });
  expect((refused as ErrorMessage).message).toContain('permission record in the room "Club"');
  await guest.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  expect(await guest.command(listenToClub)).toMatchObject({ type: FrameType.CommandDone });
  expect(await guest.command(record)).toMatchObject({ code: ErrorCode.NotPermitted });
  await guest.command({ type: FrameType.Listen, roomIds: [] });
  expect(await guest.command(record)).toMatchObject({ type: FrameType.CommandDone });
  for (const command of [joinClub, listenToClub]) {
    expect(await guest.command(command)).toMatchObject({ code: ErrorCode.NotPermitted });
  }
  await setRules([]);
  expect(await guest.command(joinClub)).toMatchObject({ type: FrameType.CommandDone });
});

test('a password lets in who gives it', async () => {
  expect(await setRules([], 'sesame')).toMatchObject({ type: FrameType.CommandDone });
  const join = { type: FrameType.JoinRoom, roomId } as const;
  expect(await guest.command(join)).toMatchObject({ code: ErrorCode.NotPermitted });
  const wrong = { type: FrameType.EnterPassword, roomId, password: 'open' } as const;
  expect(await guest.command(wrong)).toMatchObject({ code: ErrorCode.WrongPassword });
  expect(await guest.command(join)).toMatchObject({ code: ErrorCode.NotPermitted });
  await guest.command({ ...wrong, password: 'sesame' });
  expect(await guest.command(join)).toMatchObject({ type: FrameType.CommandDone });
});

test('nobody gives what they cannot do, nor acts on those of their own role', async () => {
  const { userId } = guest.authOk!;
  const other = await server.join({ displayName: 'Other' });
  const done = { type: FrameType.CommandDone };
  const forbidden = { code: ErrorCode.NotPermitted };
  const setRole = { type: FrameType.SetRole, userId } as const;
  expect(await admin.command({ ...setRole, role: 'admin' })).toMatchObject(done);
  // From here on the guest is an admin.
  expect(await guest.command({ ...setRole, role: 'owner' })).toMatchObject(forbidden);
  const ownerId = admin.authOk!.userId;
  const demotion = { type: FrameType.SetRole, userId: ownerId, role: 'guest' } as const;
  expect(await guest.command(demotion)).toMatchObject(forbidden);
  expect(await admin.command(demotion)).toMatchObject(forbidden);
  const otherId = other.authOk!.userId;
  const moderator = { type: FrameType.SetRole, userId: otherId, role: 'moderator' } as const;
  expect(await guest.command(moderator)).toMatchObject(done);
  // A moderator who may edit the rules of the room, and may not delete it.
  const principal = { type: 'user', userId: otherId } as const;
  const editing = entry({ principal, grants: permissionSet(['editAcl']) });
  expect(await setRules([editing])).toMatchObject(done);
  const given = entry({ grants: permissionSet(['deleteRoom']) });
  const rules = {
    ...{ type: FrameType.SetRoomRules, roomId, version: 1, entries: [editing, given] },
    ...{ inherits: true, requiredRole: null, password: null },
  } as const;
  const refused = await other.command(rules);
  expect(refused).toMatchObject(forbidden);
  expect((refused as { message: string }).message).toContain('deleteRoom');
  const outdated = await other.command({ ...rules, version: 0, entries: [editing] });
  expect(outdated).toMatchObject({ code: ErrorCode.Outdated });
  // Owners lack nothing, though what is of the server is answered for the root.
  const banning = entry({ grants: permissionSet(['ban']) });
  expect(await setRules([editing, banning])).toMatchObject(done);
});
