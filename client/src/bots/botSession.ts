import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { FrameReader } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { findWork } from '@rookery/schemas/joinWork';
import { loginMessage } from '@rookery/schemas/loginMessage';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type { AuthOk, CommandMessage, Message, RoomKey } from '@rookery/schemas/messages';
import { framePayloadBytesMax, protocolVersion, StreamKind } from '@rookery/schemas/protocol';
import type { QuicDriver } from '@rookery/transport/quicDriver';
import type { ConnectionId, QuicEvent, StreamId } from '@rookery/transport/quicTypes';
import { ClientError } from '../engine/clientError.js';
import { SealingKeys, type SealingKey } from '../engine/sealingKeys.js';
import { errorOfAnswer, errorOfAuthFailed, errorOfGoodbye } from '../engine/serverAnswers.js';

/** The low two bits of a stream that the server opened in one direction (RFC 9000 section 2.1). */
const serverUniStream = 0b11;

/** What a session reads of the streams of the server; all else is only counted. */
const decodedTypes: ReadonlySet<number> = new Set([FrameType.RoomKey]);

/** A key pair that names a user. */
export interface BotIdentity {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

/** A new one, which nobody keeps. */
export function createIdentity(): BotIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(spki.subarray(-32)), privateKey };
}

/** How a session logs in, where it is not a person without a password. */
export interface BotLogin {
  /** Of the server. */
  readonly password?: string;
  /** It says that it is a bot: with a pass of an operator, or ''. */
  readonly botPass?: string;
}

/**
 * A session that costs little: it logs in, gives commands and keeps the room keys, and of all else
 * that the server tells it looks at no more than the type. Many of them share a driver.
 */
export class BotSession {
  authOk: AuthOk | null = null;
  /** The server has closed it. */
  isLost = false;
  /** Frames of the streams of the server, by type. */
  readonly received = new Map<number, number>();
  readonly #driver: QuicDriver;
  readonly #connection: ConnectionId;
  readonly #readers = new Map<StreamId, FrameReader>();
  readonly #answers = new Map<number, (message: Message) => void>();
  #onConnected: (fingerprint: Uint8Array) => void = () => undefined;
  #onRoomKey: (key: RoomKey) => void = () => undefined;
  #onLost: (error: ClientError) => void = () => undefined;
  #roomKey: RoomKey | null = null;
  readonly #sealing = new SealingKeys();
  readonly #keys = new Map<number, Uint8Array>();
  #control: StreamId | null = null;
  #commands: StreamId | null = null;
  #nextRequestId = 1;

  constructor(driver: QuicDriver, connection: ConnectionId) {
    this.#driver = driver;
    this.#connection = connection;
  }

  handleEvent(event: QuicEvent): void {
    if (event.type === 'connected') this.#onConnected(event.certificate!.fingerprint);
    if (event.type === 'stream') this.#receive(event.stream, event.bytes);
    if (event.type === 'closed') {
      this.isLost = true;
      const { by, code, reason } = event.close;
      const text = `The connection was closed (${by}, code ${code}): ${reason}`;
      this.#onLost(new ClientError('disconnected', text));
    }
  }

  /** The key to seal with now, and the epoch of it. @param nowMs of `performance.now` */
  sealingKey(nowMs: number): SealingKey | null {
    return this.#sealing.current(nowMs);
  }

  /** The key of an epoch in the room that it is in. */
  openingKey(epoch: number): Uint8Array | null {
    return this.#keys.get(epoch) ?? null;
  }

  /** From the handshake to AuthOk. @throws ClientError that says why not */
  async login(
    displayName: string,
    identity = createIdentity(),
    { password = '', botPass }: BotLogin = {},
  ): Promise<void> {
    const fingerprint = await this.#waitFor<Uint8Array>((done) => (this.#onConnected = done));
    const hello = { protocolVersion, features: [], clientName: 'rookery bots' };
    const challenge = await this.#askControl({ type: FrameType.Hello, ...hello });
    if (challenge.type !== FrameType.HelloAck) throw refusalOf(challenge);
    const { workBits } = challenge;
    const { publicKey, privateKey } = identity;
    const signed = loginMessage(challenge.challenge, fingerprint, protocolVersion);
    const answer = await this.#askControl({
      type: FrameType.Auth,
      publicKey,
      signature: new Uint8Array(sign(null, signed, privateKey)),
      displayName,
      password,
      ticket: null,
      continuedToken: 0,
      // Who only floods a server does no work for it.
      work:
        botPass === undefined || workBits === 0 ? null : findWork(challenge.challenge, workBits),
      accountPassword: '',
      inviteCode: '',
      botPass: botPass ?? null,
    });
    if (answer.type !== FrameType.AuthOk) throw refusalOf(answer);
    this.authOk = answer;
  }

  /** @returns how long the server took to answer, ms. @throws ClientError */
  async ping(): Promise<number> {
    const sentAtMs = performance.now();
    await this.#askControl({ type: FrameType.Ping, nonce: 0 });
    return performance.now() - sentAtMs;
  }

  /** Says goodbye, so that the session ends at once. */
  leave(): void {
    const { ClientLeft } = GoodbyeReason;
    const goodbye = { type: FrameType.Goodbye, reason: ClientLeft, message: '' };
    this.#driver.endpoint.write(this.#connection, this.#control!, encodeMessage(goodbye));
    this.#driver.wake();
  }

  /** @returns the id of what the command created, if anything. @throws ClientError */
  async command(command: CommandMessage): Promise<string | null> {
    const requestId = this.#nextRequestId++;
    const { endpoint } = this.#driver;
    if (this.#commands === null) {
      this.#commands = endpoint.openUni(this.#connection);
      endpoint.write(this.#connection, this.#commands, Uint8Array.of(StreamKind.Commands));
    }
    const answer = await this.#ask(this.#commands, command, requestId);
    if (answer.type !== FrameType.CommandDone) throw refusalOf(answer);
    return answer.createdId;
  }

  /** The newest key of the room that it has joined. */
  async untilRoomKey(): Promise<RoomKey> {
    return this.#roomKey ?? (await this.#waitFor<RoomKey>((done) => (this.#onRoomKey = done)));
  }

  async #askControl(message: Message): Promise<Message> {
    // Between the handshake and this turn the server may have thought better of it.
    if (this.isLost) throw new ClientError('disconnected', 'The server closed a session at once.');
    this.#control ??= this.#driver.endpoint.openBidi(this.#connection);
    return this.#ask(this.#control, message, this.#nextRequestId++);
  }

  async #ask(stream: StreamId, message: Message, requestId: number): Promise<Message> {
    const bytes = encodeMessage(message, requestId);
    const answer = this.#waitFor<Message>((done) => this.#answers.set(requestId, done));
    this.#driver.endpoint.write(this.#connection, stream, bytes);
    this.#driver.wake();
    try {
      return await answer;
    } finally {
      this.#answers.delete(requestId);
    }
  }

  #waitFor<T>(register: (done: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#onLost = reject;
      register(resolve);
    });
  }

  #receive(stream: StreamId, bytes: Uint8Array): void {
    let reader = this.#readers.get(stream);
    let chunk = bytes;
    if (reader === undefined) {
      reader = new FrameReader(framePayloadBytesMax.fromServer);
      this.#readers.set(stream, reader);
      if ((stream & serverUniStream) === serverUniStream) chunk = bytes.subarray(1);
    }
    reader.push(chunk);
    for (let frame = reader.next(); frame !== null; frame = reader.next()) {
      this.#take(stream, frame.type, frame.payload);
    }
  }

  #take(stream: StreamId, type: number, payload: Uint8Array): void {
    if (stream !== this.#control) {
      this.received.set(type, (this.received.get(type) ?? 0) + 1);
      if (!decodedTypes.has(type)) return;
    }
    const { message, requestId } = decodeMessage(type, payload);
    if (message.type === FrameType.RoomKey) {
      this.#roomKey = message;
      this.#keys.set(message.epoch, message.key);
      this.#sealing.add(message, performance.now() + message.useAfterMs);
      this.#onRoomKey(message);
    }
    this.#answers.get(requestId)?.(message);
  }
}

function refusalOf(answer: Message): ClientError {
  if (answer.type === FrameType.AuthFailed) return errorOfAuthFailed(answer);
  if (answer.type === FrameType.Error) return errorOfAnswer(answer);
  if (answer.type === FrameType.Goodbye) return errorOfGoodbye(answer);
  const text = `The server answered with message ${answer.type}, which is none for that.`;
  return new ClientError('protocolViolation', text);
}
