import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicKey, verify } from 'node:crypto';
import { FrameType } from '@rookery/schemas/frameType';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { fingerprintText, loginMessage } from '@rookery/schemas/loginMessage';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import type { Auth, HelloAck, Message } from '@rookery/schemas/messages';
import { CloseCode, protocolVersion, rootRoomId, StreamKind } from '@rookery/schemas/protocol';
import { shardOf } from '@rookery/schemas/roomShard';
import { textMessage, textToSend } from '@rookery/schemas/testing/textToSend';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientError } from './clientError.js';
import type { Throttled } from './commandPace.js';
import { openConnection, type Connection, type ConnectionOptions } from './connection.js';
import { loadIdentity, type Identity } from './identity.js';
import { ScriptedServer } from './testing/scriptedServer.js';

const challenge = new Uint8Array(32).fill(9);
const helloAck: HelloAck = {
  type: FrameType.HelloAck,
  protocolVersion,
  features: [],
  serverName: 'scripted',
  challenge,
  passwordRequired: false,
  workBits: 0,
  registration: Registration.Open,
};
const authOk: Message = {
  type: FrameType.AuthOk,
  userId: rootRoomId,
  sessionToken: 77,
  hopKey: new Uint8Array(16),
  voicePort: 4_641,
  continued: false,
};

let folder: string;
let identity: Identity;
let tls: Awaited<ReturnType<typeof makeTestCertificate>>;
let server: ScriptedServer;
let connection: Connection | null;
let seen: Message[];
let lost: ClientError[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-connection-'));
  identity = await loadIdentity(folder);
  tls = await makeTestCertificate();
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  server = await ScriptedServer.start(tls);
  server.answers = { [FrameType.Hello]: helloAck, [FrameType.Auth]: authOk };
  connection = null;
  seen = [];
  lost = [];
});
afterEach(async () => {
  await connection?.close();
  await server.stop();
});

async function open(options: Partial<ConnectionOptions> = {}): Promise<Connection> {
  connection = await openConnection({
    address: { host: '127.0.0.1', port: server.port },
    identity,
    displayName: 'Anna',
    password: '',
    accountPassword: '',
    inviteCode: '',
    ticket: null,
    continuedToken: 0,
    onTicket: (ticket) => seen.push(ticket),
    clientName: 'test/1',
    timeoutMs: 5_000,
    checkFingerprint: () => Promise.resolve('known'),
    onMessage: (message) => seen.push(message),
    onLost: (reason) => lost.push(reason),
    signal: new AbortController().signal,
    ...options,
  });
  return connection;
}

const authReceived = (): Auth =>
  server.received.map(({ message }) => message).find(({ type }) => type === FrameType.Auth) as Auth;

const timesReceived = (type: FrameType): number =>
  server.received.filter(({ message }) => message.type === type).length;

describe('a server that asks to slow down', () => {
  it('is obeyed: the command is given again, and the State may show it', async () => {
    const throttled: Throttled[] = [];
    const session = await open({ onThrottled: (news) => throttled.push(news) });
    const refusal = { type: FrameType.Error, code: ErrorCode.TooFast, message: '' } as const;
    server.answers[FrameType.LeaveRoom] = refusal;
    const asking = session.request({ type: FrameType.LeaveRoom });
    await expect.poll(() => timesReceived(FrameType.LeaveRoom)).toBe(1);
    server.sendControl({
      type: FrameType.Throttle,
      frameType: FrameType.LeaveRoom,
      retryAfterMs: 50,
    });
    server.answers[FrameType.LeaveRoom] = {
      type: FrameType.CommandDone,
      createdId: null,
      listId: 0,
    };
    await asking;
    expect(timesReceived(FrameType.LeaveRoom)).toBeGreaterThan(1);
    expect(throttled).toMatchObject([{ messageClass: 'join' }]);
  });
});

describe('login', () => {
  it('signs the challenge for the very certificate that it saw', async () => {
    const { login } = await open();
    const { publicKey, signature, displayName, password } = authReceived();
    expect({ displayName, password }).toEqual({ displayName: 'Anna', password: '' });
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const signed = loginMessage(challenge, tls.fingerprint, protocolVersion);
    expect(verify(null, signed, key, signature)).toBe(true);
    expect(login).toMatchObject({
      serverName: 'scripted',
      fingerprint: fingerprintText(tls.keyFingerprint),
      sessionToken: 77,
      voiceAddress: { host: '127.0.0.1', port: 4_641 },
    });
  });

  it('says nothing to a server whose fingerprint is not accepted', async () => {
    const checkFingerprint = () => Promise.reject(new Error('not this one'));
    await expect(open({ checkFingerprint })).rejects.toThrow('not this one');
    expect(server.received).toEqual([]);
  });

  it('gives the password only to a server that asks for it', async () => {
    await open({ password: 'secret' });
    expect(authReceived().password).toBe('');
    await connection?.close();
    server.received.length = 0;
    server.answers[FrameType.Hello] = { ...helloAck, passwordRequired: true };
    await open({ password: 'secret' });
    expect(authReceived().password).toBe('secret');
  });

  it('shows a ticket, whether a password is asked for or not, and takes another', async () => {
    const ticket = new Uint8Array(32).fill(5);
    await open({ ticket, continuedToken: 9 });
    expect(authReceived()).toMatchObject({ ticket, continuedToken: 9, password: '' });
    const next = { type: FrameType.ResumeTicket, ticket, validSeconds: 5 } as const;
    server.sendControl(next);
    await vi.waitFor(() => expect(seen).toEqual([next]));
  });

  it('takes roles that come unasked, and none of an answer that is late', async () => {
    await open();
    const list = { type: FrameType.RoleList, everyoneIs: 'guest', hasMore: false } as const;
    const grants = [0, 0, 0, 0, 0];
    const late = {
      ...list,
      grants,
      users: [{ userId: rootRoomId, name: 'Late', role: 'admin' }],
    } as const;
    const news = {
      ...list,
      grants,
      users: [{ userId: rootRoomId, name: 'New', role: 'member' }],
    } as const;
    server.sendControl(late, 4_711);
    server.sendControl(news);
    await vi.waitFor(() => expect(seen).toEqual([news]));
  });

  it('tries without a password: the key alone may let it in', async () => {
    server.answers[FrameType.Hello] = { ...helloAck, passwordRequired: true };
    await open({ accountPassword: 'of the account', inviteCode: 'abcd' });
    const given = { password: '', accountPassword: 'of the account', inviteCode: 'abcd' };
    expect(authReceived()).toMatchObject(given);
  });

  it.each([
    [AuthFailure.WrongPassword, 'wrongPassword'],
    [AuthFailure.ServerFull, 'serverFull'],
    [AuthFailure.AccountPassword, 'wrongAccountPassword'],
    [AuthFailure.InvitationNeeded, 'invitationNeeded'],
    [AuthFailure.AwaitingApproval, 'awaitingApproval'],
    [AuthFailure.NameTaken, 'nameTaken'],
  ])('tells why it was refused (%i)', async (reason, code) => {
    server.answers[FrameType.Auth] = {
      ...{ type: FrameType.AuthFailed, reason, message: 'because', untilMs: null, note: '' },
    };
    await expect(open()).rejects.toMatchObject({ code, message: 'because' });
  });

  it('refuses another version of the protocol', async () => {
    server.answers[FrameType.Hello] = { ...helloAck, protocolVersion: 2 };
    await expect(open()).rejects.toMatchObject({ code: 'versionMismatch' });
    server.answers[FrameType.Hello] = {
      type: FrameType.Error,
      code: ErrorCode.UnsupportedVersion,
      message: 'too old',
    };
    await expect(open()).rejects.toMatchObject({ code: 'versionMismatch', message: 'too old' });
  });

  it('does not wait for ever for an answer', async () => {
    server.answers = {};
    await expect(open({ timeoutMs: 300 })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('can be given up, and leaves nothing behind', async () => {
    server.answers = {};
    const stop = new AbortController();
    const opening = open({ signal: stop.signal });
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: 'disconnected' });
    await vi.waitFor(() => expect(server.closed).not.toBeNull());
  });

  it('takes no answer that makes no sense', async () => {
    server.answers[FrameType.Hello] = { type: FrameType.Pong, nonce: 1 };
    await expect(open()).rejects.toMatchObject({ code: 'protocolViolation' });
  });
});

describe('a session', () => {
  it.each([
    ['was lost', true, CloseCode.Lost],
    ['is left', false, CloseCode.Done],
  ])('that %s is closed so that the server knows', async (_what, isLost, code) => {
    await open();
    if (isLost) {
      const text = 'something is wrong';
      server.sendControl({ type: FrameType.Error, code: ErrorCode.Internal, message: text });
      await vi.waitFor(() => expect(lost).toHaveLength(1));
    }
    await connection?.close();
    await vi.waitFor(() => expect(server.closed?.code).toBe(code));
  });

  const joinRoom = { type: FrameType.JoinRoom, roomId: rootRoomId } as const;

  it('goes on where a refusal comes after it was waited for', async () => {
    await open();
    server.sendControl({ type: FrameType.Error, code: ErrorCode.NotPermitted, message: '' }, 4_711);
    const next = { type: FrameType.MessageOfTheDay, text: 'Good morning' } as const;
    server.sendControl(next);
    await vi.waitFor(() => expect(seen).toEqual([next]));
    expect(lost).toEqual([]);
  });

  it('carries commands, and their answers back', async () => {
    const session = await open();
    server.answers[FrameType.JoinRoom] = {
      type: FrameType.CommandDone,
      createdId: null,
      listId: 0,
    };
    expect(await session.request(joinRoom)).toMatchObject({ createdId: null });
    server.answers[FrameType.JoinRoom] = {
      type: FrameType.Error,
      code: ErrorCode.NoSuchRoom,
      message: 'none',
    };
    await expect(session.request(joinRoom)).rejects.toMatchObject({
      code: 'noSuchRoom',
      message: 'none',
    });
    const text = 'x'.repeat(10_000);
    await expect(session.request(textToSend(rootRoomId, text))).rejects.toMatchObject({
      code: 'invalidInput',
    });
  });

  it('hands on what comes on the stream of the view, and skips unknown streams', async () => {
    await open();
    const init: Message = { type: FrameType.RoomInit, rooms: [], memberCounts: [] };
    server.sendStream(Uint8Array.of(0x7f), new Uint8Array(1_000).fill(0xff));
    server.sendStream(Uint8Array.of(StreamKind.View), encodeMessage(init), encodeMessage(init));
    await vi.waitFor(() => expect(seen).toEqual([init, init]));
    expect(lost).toEqual([]);
  });

  it('hands on what comes on the streams of rooms, and leaves one that mixes them up', async () => {
    await open();
    const text: Message = { type: FrameType.RoomMessage, ...textMessage({ roomId: rootRoomId }) };
    const shardCount = 8;
    const shard = shardOf(rootRoomId, shardCount);
    const assign = (of: number): Uint8Array =>
      encodeMessage({ type: FrameType.ShardAssignment, shard: of, shardCount });
    const kind = Uint8Array.of(StreamKind.Shard);
    server.sendStream(kind, assign(shard), encodeMessage(text));
    await vi.waitFor(() => expect(seen).toEqual([text]));
    server.sendStream(kind, assign((shard + 1) % shardCount), encodeMessage(text));
    await vi.waitFor(() => expect(lost).toMatchObject([{ code: 'protocolViolation' }]));
    expect(seen).toEqual([text]);
  });

  it('answers pings', async () => {
    await open();
    server.sendControl({ type: FrameType.Ping, nonce: 123 });
    await vi.waitFor(() =>
      expect(server.received.at(-1)?.message).toEqual({ type: FrameType.Pong, nonce: 123 }),
    );
  });

  it('says goodbye and closes', async () => {
    const session = await open();
    await session.close();
    await vi.waitFor(() =>
      expect(server.closed).toMatchObject({ by: 'peer', code: CloseCode.Done }),
    );
    expect(server.received.at(-1)?.message).toMatchObject({
      type: FrameType.Goodbye,
      reason: GoodbyeReason.ClientLeft,
    });
    expect(lost).toEqual([]);
  });

  it('tells why the server ended it, once, and refuses commands from then on', async () => {
    const session = await open();
    const waiting = session.request(joinRoom);
    waiting.catch(() => undefined);
    server.sendControl({
      type: FrameType.Goodbye,
      reason: GoodbyeReason.ServerStopping,
      message: '',
    });
    server.closeConnection(CloseCode.Stopping);
    await vi.waitFor(() => expect(lost).toHaveLength(1));
    expect(lost[0]).toMatchObject({ code: 'disconnected' });
    expect(lost[0]!.message).toContain('stopping');
    await expect(waiting).rejects.toBe(lost[0]);
    await expect(session.request(joinRoom)).rejects.toBe(lost[0]);
  });

  it('ends with a close code where there was no goodbye', async () => {
    await open();
    server.closeConnection(CloseCode.TooSlow);
    await vi.waitFor(() => expect(lost).toHaveLength(1));
    expect(lost[0]!.message).toContain('did not take what it was sent');
  });

  it.each([
    [
      'garbage on the control stream',
      (): void => server.writeControl(new Uint8Array(64).fill(0xee)),
    ],
    [
      'a frame that is no message',
      (): void => server.writeControl(Uint8Array.of(FrameType.Pong, 4, 0, 0, 0, 1, 2, 3, 4)),
    ],
    [
      'a frame beyond all bounds',
      (): void =>
        server.sendStream(Uint8Array.of(StreamKind.Shard, FrameType.RoomInit, 255, 255, 255, 255)),
    ],
  ])('ends at %s with a code that says so', async (_, misbehave) => {
    await open();
    misbehave();
    await vi.waitFor(() => expect(lost).toHaveLength(1));
    expect(lost[0]).toMatchObject({ code: 'protocolViolation' });
    await connection?.close();
    await vi.waitFor(() =>
      expect(server.closed).toMatchObject({ code: CloseCode.ProtocolViolation }),
    );
  });
});
