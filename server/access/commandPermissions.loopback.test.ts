import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentHash } from '@rookery/schemas/contentHash';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, ErrorMessage, Message, Uuid } from '@rookery/schemas/messages';
import type { Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { sampleMessages } from '@rookery/schemas/testing/sampleMessages';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isCommand } from '../command/commandTable.js';
import type { ControlPlaneStats } from '../controlPlaneStats.js';
import { serverLimits } from '../limits.js';
import { auditActionOf } from '../moderation/auditedCommands.js';
import { readingOptions } from '../store/backup.js';
import { Database } from '../store/database.js';
import { highestKey, lowestKey } from '../store/keys.js';
import { databasePath } from '../store/migrate.js';
import { schemaVersion, tableNames } from '../store/tables.js';
import { commandPace } from '../testing/commandPace.js';
import { giveRole } from '../testing/giveRole.js';
import { auditSeenBy } from '../testing/moderating.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { whyOpenToAll } from './commandPermissions.js';

/** Every command there is, as an example of it. */
const commands = Object.values(sampleMessages)
  .map(([first]): Message => first)
  .filter(isCommand);
const names = new Map(Object.entries(FrameType).map(([name, type]) => [type, name]));
const restricted = commands.filter(({ type }) => whyOpenToAll(type) === null);

/** What these permit is about the sender alone; all others are over others or the server. */
const ownPermissions: readonly Permission[] = [
  ...([
    'traverse',
    'enter',
    'speak',
    'whisper',
    'listen',
    'text',
    'upload',
    'react',
    'record',
  ] as const),
];
// Every refusal is written down.
const bucket = { perSecond: 1_000, burst: 1_000 };
const audit = { ...serverLimits.moderation.audit, refusalsOfUser: bucket, refusalsOfAll: bucket };
const moderation = { ...serverLimits.moderation, audit };

let directory: string;
let server: TestServer;
let admin: TestClient;
let stranger: TestClient;
let roomId: Uuid;
let groupId: Uuid;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-permissions-'));
  const dataDirectory = join(directory, 'data');
  const lanes = commandPace({ perSecond: 1_000, burst: 1_000 });
  const identity = createIdentity();
  await giveRole(dataDirectory, identity, 'owner');
  server = await startTestServer({ dataDirectory, everyoneIs: 'guest' }, { lanes, moderation });
  admin = await server.join({ identity, displayName: 'Admin' });
  stranger = await server.join({ displayName: 'Stranger' });
  const made = (answer: Message): Uuid => (answer as { createdId: Uuid }).createdId;
  const create = {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: rootRoomId,
    name: 'Club',
  } as const;
  roomId = made(await admin.command(create));
  groupId = made(
    await admin.command({
      ...{ type: FrameType.PutGroup, groupId: null, roomId: null, name: 'Staff', grants: 0 },
      memberIds: [],
    }),
  );
  await admin.command({ type: FrameType.SetGrants, role: 'guest', grants: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

/** A command about what is there: the room, the group, and the admin. */
function aboutWhatIsThere(command: CommandMessage): CommandMessage {
  const { userId, sessionToken } = admin.authOk!;
  const there: Readonly<Record<string, unknown>> = {
    ...{ roomId, placeId: roomId, firstId: roomId, secondId: rootRoomId, parentId: rootRoomId },
    ...{ userId, groupId, roomIds: [roomId], userIds: [userId], sessionTokens: [sessionToken] },
  };
  const fields = Object.entries(command).map(([name, value]): [string, unknown] => [
    name,
    // Of somebody else; null would mean oneself.
    name in there && (value !== null || name === 'userId') ? there[name] : value,
  ]);
  return Object.fromEntries(fields) as unknown as CommandMessage;
}

/** Of all that is kept, but for the log of what was refused. */
function storeHash(): string {
  const path = databasePath(join(directory, 'data'), schemaVersion);
  const database = Database.openToRead(path, readingOptions);
  const parts: Uint8Array[] = [];
  for (const table of tableNames.filter((name) => name !== 'audit')) {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    const all = { table, order: 'ascending', ...range } as const;
    parts.push(...database.read(all, (key, value) => Buffer.concat([key, value])));
  }
  void database.close();
  return Buffer.from(contentHash(Buffer.concat(parts))).toString('hex');
}

function stats(): ControlPlaneStats {
  return server.running.stats();
}

function notPermitted(name: string): number {
  return stats().notPermitted[name] ?? 0;
}

describe('somebody without the permission is refused, nothing changes, and it is noted:', () => {
  test.each(restricted.map((command) => [names.get(command.type)!, command] as const))(
    '%s',
    async (name, command) => {
      const before = [storeHash(), stats().stateHash];
      const counted = notPermitted(name);
      const [newest] = await auditSeenBy(admin);
      const answer = await stranger.command(aboutWhatIsThere(command));
      expect(answer).toMatchObject({ type: FrameType.Error, code: ErrorCode.NotPermitted });
      expect(notPermitted(name)).toBe(counted + 1);
      expect([storeHash(), stats().stateHash]).toEqual(before);
      const action = auditActionOf(command.type);
      const [noted] = await auditSeenBy(admin);
      if (action === null) {
        const { message } = answer as ErrorMessage;
        const isOwn = ownPermissions.some((name) => message.includes(`permission ${name} `));
        expect(isOwn, message).toBe(true);
        expect(noted).toEqual(newest);
      } else {
        expect(noted).toMatchObject({ action, actorId: stranger.authOk!.userId, isRefused: true });
        expect(noted!.auditId).not.toBe(newest?.auditId);
      }
    },
  );
});

test('the state hash that is compared tells of changes', async () => {
  const before = stats().stateHash;
  await admin.command({ type: FrameType.RenameRoom, roomId, name: 'Den' });
  await admin.until('all are told', () => admin.rooms.get(roomId)?.name === 'Den');
  expect(stats().stateHash).not.toBe(before);
});

test('who may do it is not refused for want of a permission', async () => {
  const harmless: CommandMessage[] = [
    { type: FrameType.JoinRoom, roomId },
    { type: FrameType.ReadRoomRules, roomId },
    { type: FrameType.ReadGroups, roomId: null },
    { type: FrameType.ReadRoles, afterId: null },
  ];
  for (const command of harmless) {
    expect(await admin.command(command), names.get(command.type)).not.toMatchObject({
      type: FrameType.Error,
    });
  }
});

test('commands that need no permission say why', () => {
  for (const { type } of commands) expect(whyOpenToAll(type), names.get(type)).not.toBe('');
});
