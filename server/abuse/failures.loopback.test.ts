import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { BanList, Uuid } from '@rookery/schemas/messages';
import { CloseCode } from '@rookery/schemas/protocol';
import { abuseLimits, type AbuseLimits } from '../abuseLimits.js';
import type { ServerConfig } from '../config/serverConfig.js';
import { auditSeenBy, done, refusedWith } from '../testing/moderating.js';
import { patientLimits } from '../testing/patientLimits.js';
import { createIdentity, type LoginOptions, type TestClient } from '../testing/testClient.js';
import { openTestClients, startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(
  limits: Partial<AbuseLimits>,
  config: Partial<ServerConfig> = {},
): Promise<TestServer> {
  server = await startTestServer(config, { abuse: { ...patientLimits, ...limits } });
  return server;
}

const failures = { ...abuseLimits.failures, failuresMax: 3, toldMax: 2 };

async function logIn(options: LoginOptions = {}): Promise<TestClient> {
  const client = await server!.connect();
  await client.login(options);
  return client;
}

function failureOf(client: TestClient): AuthFailure | null {
  const answer = client.control.find((message) => message.type === FrameType.AuthFailed);
  return answer?.type === FrameType.AuthFailed ? answer.reason : null;
}

async function reasonOf(options: LoginOptions = {}): Promise<AuthFailure | null> {
  return failureOf(await logIn(options));
}

describe('too many failures', () => {
  test('of an address shut it out, also with the right password; those inside stay', async () => {
    const { running } = await start({ failures }, { password: 'open sesame' });
    const inside = await logIn({ password: 'open sesame' });
    for (let index = 0; index < 3; index++) {
      expect(await reasonOf({ password: 'wrong' })).toBe(AuthFailure.WrongPassword);
    }
    const shutOut = await logIn({ password: 'open sesame' });
    expect(failureOf(shutOut)).toBe(AuthFailure.TooManyFailures);
    expect(JSON.stringify(shutOut.control)).toMatch(/Try again in \d+ s/);
    expect(inside.closed).toBeNull();
    expect(running.stats()).toMatchObject({
      protocolErrors: { wrongPassword: 3, tooManyFailures: 1 },
      abuse: { bannedAddresses: 1 },
    });
  });

  test('end at the door of QUIC when somebody goes on', async () => {
    const { running, connect } = await start({ failures }, { password: 'open sesame' });
    for (let index = 0; index < 3; index++) await reasonOf({ password: 'wrong' });
    for (let index = 0; index < 2; index++) {
      expect(await reasonOf()).toBe(AuthFailure.TooManyFailures);
    }
    const client = await connect();
    expect(client.closed).toMatchObject({ by: 'peer', isApplication: false });
    expect(running.stats()).toMatchObject({ quic: { droppedBarredAddress: 1 } });
  });

  test('of protocol count, of an honest client nothing does', async () => {
    await start({ failures });
    for (let index = 0; index < 20; index++) {
      const client = await logIn();
      expect(client.authOk).not.toBeNull();
      client.close();
      await client.untilClosed();
    }
    for (let index = 0; index < 3; index++) {
      const client = await logIn();
      client.sendControl({ type: FrameType.CommandDone, createdId: null, listId: 0 });
      expect((await client.untilClosed()).code).toBe(CloseCode.ProtocolViolation);
    }
    expect(await reasonOf()).toBe(AuthFailure.TooManyFailures);
  });

  test('with a key that was not proven shut out nobody else', async () => {
    const { running } = await start({ failures: { ...failures, failuresMax: 2 } });
    const victim = createIdentity();
    const forged = { ...createIdentity(), publicKey: victim.publicKey };
    for (let index = 0; index < 2; index++) {
      expect(await reasonOf({ identity: forged })).toBe(AuthFailure.BadSignature);
    }
    expect(running.stats()).toMatchObject({ abuse: { bannedAddresses: 1, bannedUsers: 0 } });
  });
});

describe('somebody who is shut out', () => {
  const bansSeenBy = async (client: TestClient, beforeId: Uuid | null = null): Promise<BanList> => {
    const answer = await client.ask<BanList>({ type: FrameType.ReadBans, beforeId });
    if (answer.type === FrameType.Error) throw new Error(answer.message);
    return answer;
  };

  test('is listed with the end and why, and let in when the ban is lifted', async () => {
    await start({ failures }, { password: 'open sesame' });
    const moderator = await logIn({ password: 'open sesame' });
    const banId = await done(moderator, {
      ...{ type: FrameType.Ban, userId: null, address: '192.0.2.1', withAddress: false },
      ...{ durationSeconds: 0, reason: '' },
    });
    for (let index = 0; index < 3; index++) await reasonOf({ password: 'wrong' });
    const { bans } = await bansSeenBy(moderator);
    expect(bans).toMatchObject([
      {
        ...{ userId: null, address: '127.0.0.1', byId: null },
        reason: 'too many failures; the last one: wrong password',
      },
      { banId, byId: moderator.authOk!.userId },
    ]);
    const { banId: temporaryId, createdAtMs, expiresAtMs } = bans[0]!;
    expect(expiresAtMs! - createdAtMs).toBe(failures.banMsMin);
    expect((await bansSeenBy(moderator, temporaryId)).bans).toMatchObject([{ banId }]);
    await done(moderator, { type: FrameType.Unban, banId: temporaryId });
    expect((await bansSeenBy(moderator)).bans).toMatchObject([{ banId }]);
    expect(await reasonOf({ password: 'open sesame' })).toBeNull();
    const [entry] = await auditSeenBy(moderator);
    expect(entry).toMatchObject({ action: 'unban', detail: 'temporary 127.0.0.1' });
    const again = { type: FrameType.Unban, banId: temporaryId } as const;
    expect(await refusedWith(moderator, again)).toBe(ErrorCode.NoSuchBan);
  });

  test('is also listed by name, where it is proved who it was', async () => {
    await start({ failures });
    const moderator = await logIn();
    const identity = createIdentity();
    for (let index = 0; index < 3; index++) {
      const client = await logIn({ identity, displayName: 'Tom' });
      client.sendControl({ type: FrameType.CommandDone, createdId: null, listId: 0 });
      await client.untilClosed();
    }
    const { bans } = await bansSeenBy(moderator);
    expect(bans.map(({ userName, address }) => [userName, address])).toEqual([
      ['Tom', ''],
      ['', '127.0.0.1'],
    ]);
    for (const { banId } of bans) await done(moderator, { type: FrameType.Unban, banId });
    expect(await reasonOf({ identity, displayName: 'Tom' })).toBeNull();
  });
});

describe('a restart', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rookery-failures-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const restart = async (config: Partial<ServerConfig> = {}): Promise<TestServer> => {
    await server?.close();
    return start({ failures }, { dataDirectory: directory, ...config });
  };

  async function failThrice(): Promise<void> {
    for (let index = 0; index < 3; index++) {
      const client = await logIn();
      client.sendControl({ type: FrameType.CommandDone, createdId: null, listId: 0 });
      await client.untilClosed();
    }
  }

  test('ends no ban, and lengthens none', async () => {
    await restart();
    const moderator = await logIn();
    const read = { type: FrameType.ReadBans, beforeId: null } as const;
    await failThrice();
    const before = await moderator.ask<BanList>(read);
    await restart();
    expect(await reasonOf()).toBe(AuthFailure.TooManyFailures);
    // Who asks comes from another address.
    const elsewhere = await openTestClients(server!.running.info.quic.port, '127.0.0.2');
    const client = await elsewhere.connect();
    await client.login();
    const after = await client.ask<BanList>(read);
    expect(after).toMatchObject({ bans: [{ address: '127.0.0.1', byId: null }] });
    const [was, is] = [before, after].map((list) => 'bans' in list && list.bans[0]!);
    expect(is).toMatchObject({ banId: (was as { banId: Uuid }).banId });
    const endsOf = (ban: unknown): number => (ban as { expiresAtMs: number }).expiresAtMs;
    expect(Math.abs(endsOf(is) - endsOf(was))).toBeLessThan(1_000);
    await done(client, { type: FrameType.Unban, banId: (is as { banId: Uuid }).banId });
    await elsewhere.close();
    await restart();
    expect(await reasonOf()).toBeNull();
  });

  test('ends bans where the operator wants none', async () => {
    await restart();
    await failThrice();
    await restart({ abuse: { failuresMax: 0 } });
    expect(await reasonOf()).toBeNull();
  });
});

describe('connections that do not log in', () => {
  test('are bounded for each address', async () => {
    await start({ waiting: { perAddressMax: 3, connectionsMax: 100 } });
    const idle = await Promise.all([1, 2, 3].map(() => server!.connect()));
    const fourth = await server!.connect();
    expect((await fourth.untilClosed()).code).toBe(CloseCode.LoginFailed);
    expect(idle.every(({ closed }) => closed === null)).toBe(true);
    // Whoever logs in makes room.
    await idle[0]!.login();
    const fifth = await server!.connect();
    expect((await fifth.login()).type).toBe(FrameType.AuthOk);
  });

  test('give way to others, the oldest first', async () => {
    const { running } = await start({ waiting: { perAddressMax: 100, connectionsMax: 4 } });
    const idle: TestClient[] = [];
    for (let index = 0; index < 4; index++) idle.push(await server!.connect());
    // They may be told of in another order than they were begun.
    const honest = await logIn();
    expect(honest.authOk).not.toBeNull();
    const closed = (): number => idle.filter((client) => client.closed !== null).length;
    await Promise.all(idle.map((client) => client.until('one is closed', () => closed() === 1)));
    expect(running.stats()).toMatchObject({ protocolErrors: { crowdedOut: 1 } });
  });
});

describe('work at login', () => {
  const joinWork = { bits: 8, bitsUnderLoad: 8, loadedFrom: 1 };

  test('is asked for and checked', async () => {
    const { running } = await start({ joinWork });
    const honest = await logIn();
    expect(honest.hello?.workBits).toBe(8);
    expect(honest.authOk).not.toBeNull();
    expect(await reasonOf({ work: null })).toBe(AuthFailure.WorkNeeded);
    // A solution of another login: one in 256 would do by chance, ten of them hardly.
    const reasons = await Promise.all(
      Array.from({ length: 10 }, () => reasonOf({ work: new Uint8Array(8).fill(0xa5) })),
    );
    expect(reasons.filter((reason) => reason === AuthFailure.WorkNeeded).length).toBeGreaterThan(5);
    const { protocolErrors } = running.stats() as { protocolErrors: { workNeeded: number } };
    expect(protocolErrors.workNeeded).toBeGreaterThan(6);
  });

  test('is not asked for while there is no need', async () => {
    await start({});
    expect((await logIn()).hello?.workBits).toBe(0);
  });
});
