import { afterEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { AccountInfo, InviteMade, RequestList } from '@rookery/schemas/messages';
import { makeOwnerToken } from './ownerToken.js';
import { createIdentity, type LoginOptions, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(config: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
  server = await startTestServer({ everyoneIs: 'guest', ...config });
  return server;
}

/** Somebody who used the token of the start. */
async function joinOwner({ running, join }: TestServer): Promise<TestClient> {
  return join({ displayName: 'Owner', inviteCode: running.ownerToken! });
}

const terms = { type: FrameType.MakeInvite, usesMax: 1, validSeconds: 60, note: '' } as const;

async function inviteBy(owner: TestClient, usesMax = 1): Promise<string> {
  const made = await owner.ask<InviteMade>({ ...terms, role: 'member', usesMax });
  if (made.type === FrameType.Error) throw new Error(made.message);
  return made.code;
}

describe('the owner token', () => {
  test('makes one owner, whoever of two is first', async () => {
    const running = await start({ registration: 'invitation' });
    const inviteCode = running.running.ownerToken!;
    const clients = await Promise.all([running.connect(), running.connect()]);
    const answers = await Promise.all(clients.map((client) => client.login({ inviteCode })));
    expect(answers.filter(({ type }) => type === FrameType.AuthOk)).toHaveLength(1);
    const refused = answers.find(({ type }) => type === FrameType.AuthFailed);
    expect(refused).toMatchObject({ reason: AuthFailure.BadInvitation });
    const owner = clients[answers.findIndex(({ type }) => type === FrameType.AuthOk)]!;
    const account = await owner.ask<AccountInfo>({ type: FrameType.ReadAccount });
    expect(account).toMatchObject({ role: 'owner', isRegistered: true });
  });

  test('that is made while the server runs is in place of the one of the start', async () => {
    const running = await start();
    const { ownerToken, info } = running.running;
    const inviteCode = makeOwnerToken(info.dataDirectory);
    const late = await running.connect();
    expect(await late.login({ inviteCode: ownerToken! })).toMatchObject({
      reason: AuthFailure.BadInvitation,
    });
    const owner = await running.join({ inviteCode });
    const account = await owner.ask<AccountInfo>({ type: FrameType.ReadAccount });
    expect(account).toMatchObject({ role: 'owner' });
    const second = await running.join({ inviteCode: makeOwnerToken(info.dataDirectory) });
    expect(await second.ask<AccountInfo>({ type: FrameType.ReadAccount })).toMatchObject({
      role: 'owner',
    });
  });
});

describe('a server for the invited', () => {
  test('refuses others, lets in by a code, and then by the key alone', async () => {
    const running = await start({ registration: 'invitation' });
    const owner = await joinOwner(running);
    const stranger = await running.connect();
    expect(await stranger.login()).toMatchObject({ reason: AuthFailure.InvitationNeeded });
    const identity = createIdentity();
    await running.join({ identity, inviteCode: await inviteBy(owner) });
    const again = await running.join({ identity });
    expect(again.authOk).not.toBeNull();
  });

  test('lets in one of two who use the last use at once', async () => {
    const running = await start({ registration: 'invitation' });
    const inviteCode = await inviteBy(await joinOwner(running));
    const clients = await Promise.all([running.connect(), running.connect()]);
    const answers = await Promise.all(clients.map((client) => client.login({ inviteCode })));
    const types = answers.map(({ type }) => type).sort();
    expect(types).toEqual([FrameType.AuthOk, FrameType.AuthFailed].sort());
  });

  test('lets in by no code that was withdrawn', async () => {
    const running = await start({ registration: 'invitation' });
    const owner = await joinOwner(running);
    const made = await owner.ask<InviteMade>({ ...terms, role: 'member' });
    const { inviteId, code } = made as InviteMade;
    await owner.command({ type: FrameType.WithdrawInvite, inviteId });
    const late = await running.connect();
    expect(await late.login({ inviteCode: code })).toMatchObject({
      reason: AuthFailure.BadInvitation,
    });
  });
});

test('whoever waits is let in once somebody has registered them', async () => {
  const running = await start({ registration: 'approval' });
  const owner = await joinOwner(running);
  const identity = createIdentity();
  const login = { identity, displayName: 'Bob' };
  const first = await running.connect();
  expect(await first.login(login)).toMatchObject({ reason: AuthFailure.AwaitingApproval });
  const list = (await owner.ask<RequestList>({ type: FrameType.ReadRequests })) as RequestList;
  expect(list.requests).toMatchObject([{ displayName: 'Bob' }]);
  await owner.command({ type: FrameType.RegisterUser, userId: list.requests[0]!.userId });
  expect((await running.join(login)).authOk).not.toBeNull();
});

test('a guest may neither invite nor register nor set the registration', async () => {
  const running = await start();
  const guest = await running.join();
  const { userId } = guest.authOk!;
  const refused = { code: ErrorCode.NotPermitted };
  expect(await guest.command({ ...terms, role: 'member' })).toMatchObject(refused);
  expect(await guest.command({ type: FrameType.RegisterUser, userId })).toMatchObject(refused);
  const registration = Registration.Invitation;
  const set = { type: FrameType.SetRegistration, registration } as const;
  expect(await guest.command(set)).toMatchObject(refused);
});

test('an account password is asked for, and a ticket stands for it', async () => {
  const running = await start();
  const identity = createIdentity();
  const ada = await running.join({ identity });
  const set = { type: FrameType.SetAccountPassword, userId: null } as const;
  const newPassword = 'battery staple';
  await ada.command({ ...set, currentPassword: '', newPassword });
  const wrong = await running.connect();
  const answer = await wrong.login({ identity, accountPassword: 'battery' });
  expect(answer).toMatchObject({ reason: AuthFailure.AccountPassword });
  const right = await running.join({ identity, accountPassword: newPassword });
  const ticket = await right.ticket();
  expect((await running.join({ identity, ticket })).authOk).not.toBeNull();
});

describe('names', () => {
  test('that look like that of somebody who is here are refused, at login and later', async () => {
    const running = await start();
    await running.join({ displayName: 'Alex' });
    const other = await running.connect();
    expect(await other.login({ displayName: 'AIex' })).toMatchObject({
      reason: AuthFailure.NameTaken,
    });
    const bob = await running.join({ displayName: 'Bob' });
    const taken = await bob.command({ type: FrameType.SetName, name: 'A1ex' });
    expect(taken).toMatchObject({ code: ErrorCode.NameTaken });
  });

  test('of those who are registered stay theirs while they are away', async () => {
    const running = await start();
    const owner = await joinOwner(running);
    const code = await inviteBy(owner);
    const ada = await running.join({ displayName: 'Ada', inviteCode: code });
    ada.close();
    await owner.until('Ada is gone', () => owner.sessions.size === 1);
    const other = await running.connect();
    expect(await other.login({ displayName: '\u0410da' })).toMatchObject({
      reason: AuthFailure.NameTaken,
    });
  });

  test('are told to nobody who knows neither the password nor a code', async () => {
    const running = await start({ password: 'open sesame', registration: 'password' });
    const identity = createIdentity();
    const ada = await running.join({ identity, displayName: 'Ada', password: 'open sesame' });
    const set = { type: FrameType.SetAccountPassword, userId: null } as const;
    await ada.command({ ...set, currentPassword: '', newPassword: 'battery staple' });
    const answerTo = async (login: LoginOptions): Promise<unknown> =>
      (await running.connect()).login(login);
    const wrong = await answerTo({ displayName: 'Bob', password: 'wrong' });
    expect(wrong).toMatchObject({ reason: AuthFailure.WrongPassword });
    expect(await answerTo({ displayName: 'Ada', password: 'wrong' })).toEqual(wrong);
    expect(await answerTo({ identity, displayName: 'Ada', password: 'wrong' })).toEqual(wrong);
    expect(await answerTo({ displayName: 'Ada', inviteCode: 'wrong' })).toMatchObject({
      reason: AuthFailure.BadInvitation,
    });
    expect(await answerTo({ displayName: 'Ada', password: 'open sesame' })).toMatchObject({
      reason: AuthFailure.NameTaken,
    });
  });

  test('are changed while somebody is there, for all to see', async () => {
    const running = await start();
    const ada = await running.join({ displayName: 'Ada' });
    const bob = await running.join({ displayName: 'Bob' });
    await bob.command({ type: FrameType.SetName, name: '  Robert ' });
    const named = (): boolean =>
      ada.sessions.get(bob.authOk!.sessionToken)?.displayName === 'Robert';
    await ada.until('Ada sees the name', named);
    expect((await running.join({ displayName: 'Bob' })).authOk).not.toBeNull();
  });
});
