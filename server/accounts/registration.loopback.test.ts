import { afterEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import { userIdOf } from '@rookery/schemas/loginMessage';
import type { AuditPage, JoinRequest, RequestList } from '@rookery/schemas/messages';
import { serverLimits } from '../limits.js';
import { startRankedServer } from '../testing/rankedServer.js';
import { createIdentity, type LoginOptions, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let closeServer: () => Promise<void> = () => Promise.resolve();

afterEach(() => closeServer());

async function start(...options: Parameters<typeof startTestServer>): Promise<TestServer> {
  const [config, limits] = options;
  const server = await startTestServer({ everyoneIs: 'guest', ...config }, limits);
  closeServer = () => server.close();
  return server;
}

const joinOwner = ({ join, running }: TestServer): Promise<TestClient> =>
  join({ displayName: 'Owner', inviteCode: running.ownerToken! });

/** What somebody is told who comes. */
async function answerTo({ connect }: TestServer, login: LoginOptions = {}): Promise<unknown> {
  return (await connect()).login(login);
}

const set = (client: TestClient, registration: Registration): Promise<unknown> =>
  client.command({ type: FrameType.SetRegistration, registration });

const letIn = { type: FrameType.AuthOk };

describe('how people come in', () => {
  test('changes while the server runs, for those who come later, and lasts', async () => {
    const ranked = await startRankedServer({ Olga: 'owner' });
    closeServer = () => ranked.close();
    const owner = await ranked.joinAs('Olga');
    const guest = await ranked.server.join();
    expect(guest.hello).toMatchObject({ registration: Registration.Open });
    expect(await set(owner, Registration.Invitation)).toMatchObject({
      type: FrameType.CommandDone,
    });
    const refused = { reason: AuthFailure.InvitationNeeded };
    expect(await answerTo(ranked.server)).toMatchObject(refused);
    expect(guest.closed).toBeNull();
    const log = await owner.ask<AuditPage>({ type: FrameType.ReadAudit, beforeId: null, count: 1 });
    expect(log).toMatchObject({ entries: [{ action: 'setRegistration', detail: 'invitation' }] });
    await ranked.restart();
    expect(await answerTo(ranked.server)).toMatchObject(refused);
    expect((await ranked.joinAs('Olga')).authOk).not.toBeNull();
  });

  test('is by no password while it is open, and by it again afterwards', async () => {
    const server = await start({ password: 'open sesame' });
    const owner = await joinOwner(server);
    expect(owner.hello).toMatchObject({ passwordRequired: true });
    const wrong = { reason: AuthFailure.WrongPassword };
    expect(await answerTo(server)).toMatchObject(wrong);
    await set(owner, Registration.Open);
    const guest = await server.join();
    expect(guest.hello).toMatchObject({ passwordRequired: false });
    expect(guest.authOk).not.toBeNull();
    await set(owner, Registration.Password);
    expect(await answerTo(server)).toMatchObject(wrong);
  });

  test('is not changed where the configuration says it, or there is no password', async () => {
    const fixed = { code: ErrorCode.RegistrationFixed };
    const open = await start();
    expect(await set(await joinOwner(open), Registration.Password)).toMatchObject(fixed);
    await open.close();
    const server = await start({ registration: 'approval' });
    expect(await set(await joinOwner(server), Registration.Open)).toMatchObject(fixed);
    expect(await answerTo(server)).toMatchObject({ reason: AuthFailure.AwaitingApproval });
  });
});

describe('those who wait to be let in', () => {
  const approval = { registration: 'approval' } as const;

  const waiting = async (owner: TestClient): Promise<readonly JoinRequest[]> => {
    const list = await owner.ask<RequestList>({ type: FrameType.ReadRequests });
    if (list.type === FrameType.Error) throw new Error(list.message);
    return list.requests;
  };

  test('stand in the list once, under their newest name', async () => {
    const server = await start(approval);
    const owner = await joinOwner(server);
    const identity = createIdentity();
    for (const displayName of ['Bob', 'Bob', 'Robert']) {
      const answer = await answerTo(server, { identity, displayName });
      expect(answer).toMatchObject({ reason: AuthFailure.AwaitingApproval });
    }
    expect(await waiting(owner)).toMatchObject([{ displayName: 'Robert' }]);
  });

  test('are so many at most, and who was told no makes place first', async () => {
    const accounts = { ...serverLimits.accounts, joinRequestsMax: 2 };
    const server = await start(approval, { accounts });
    const owner = await joinOwner(server);
    const ask = (displayName: string): Promise<unknown> => answerTo(server, { displayName });
    const full = { message: expect.stringContaining('Too many') as string };
    await ask('Ann');
    await ask('Ben');
    expect(await ask('Cay')).toMatchObject({ reason: AuthFailure.AwaitingApproval, ...full });
    const { userId } = (await waiting(owner))[0]!;
    await owner.command({ type: FrameType.DenyRequest, userId });
    expect(await ask('Dan')).not.toMatchObject(full);
    const names = (await waiting(owner)).map(({ displayName }) => displayName);
    expect(names).toEqual(['Ben', 'Dan']);
  });

  test('are told of a no, for its time, unless somebody registers them', async () => {
    const server = await start(approval);
    const owner = await joinOwner(server);
    const identity = createIdentity();
    const login = { identity, displayName: 'Eve' };
    const userId = userIdOf(identity.publicKey);
    await answerTo(server, login);
    const deny = { type: FrameType.DenyRequest, userId } as const;
    expect(await owner.command(deny)).toMatchObject({ type: FrameType.CommandDone });
    expect(await owner.command(deny)).toMatchObject({ type: FrameType.Error });
    expect(await waiting(owner)).toEqual([]);
    const no = { message: expect.stringContaining('decided not to') as string };
    expect(await answerTo(server, login)).toMatchObject(no);
    expect(await waiting(owner)).toEqual([]);
    await owner.command({ type: FrameType.RegisterUser, userId });
    expect(await answerTo(server, login)).toMatchObject(letIn);
  });

  test('may ask again when the time of a no is over', async () => {
    const accounts = { ...serverLimits.accounts, deniedMs: 0 };
    const server = await start(approval, { accounts });
    const owner = await joinOwner(server);
    const login = { identity: createIdentity(), displayName: 'Eve' };
    await answerTo(server, login);
    const { userId } = (await waiting(owner))[0]!;
    await owner.command({ type: FrameType.DenyRequest, userId });
    await answerTo(server, login);
    expect(await waiting(owner)).toMatchObject([{ userId }]);
  });
});
