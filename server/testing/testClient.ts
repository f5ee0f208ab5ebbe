import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { laneOf, laneStreams, type CommandLane } from '@rookery/schemas/commandLane';
import { FrameReader } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { findWork } from '@rookery/schemas/joinWork';
import { loginMessage } from '@rookery/schemas/loginMessage';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type {
  AuthFailed,
  AuthOk,
  CallInfo,
  CommandDone,
  CommandMessage,
  DownloadChunk,
  ErrorMessage,
  HelloAck,
  Message,
  MessageAck,
  PrivateNews,
  ReceivedMessage,
  ResumeTicket,
  RoleList,
  RoomInfo,
  RoomKey,
  RoomMessage,
  SessionInfo,
  TextNews,
  TalkMessage,
  Uuid,
  ViewMessage,
  WhisperKey,
  WhisperReady,
} from '@rookery/schemas/messages';
import { isTextNews } from '@rookery/schemas/textMessages';
import { isViewMessage, SyncedView } from '@rookery/schemas/syncedView';
import { RoomStreamOrder } from '@rookery/schemas/roomStreamOrder';
import {
  CloseCode,
  framePayloadBytesMax,
  protocolVersion,
  StreamKind,
} from '@rookery/schemas/protocol';
import type { CertificateIdentity } from '@rookery/transport/certificateIdentity';
import type { QuicDriver } from '@rookery/transport/quicDriver';
import type { ConnectionId, QuicClose, QuicEvent, StreamId } from '@rookery/transport/quicTypes';

/** A key pair that names a user. */
export interface TestIdentity {
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

export function createIdentity(): TestIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(spki.subarray(-32)), privateKey };
}

/** What a login deviates in from an honest one. */
export interface LoginOptions {
  readonly identity?: TestIdentity;
  readonly displayName?: string;
  readonly password?: string;
  readonly version?: number;
  readonly ticket?: Uint8Array;
  readonly continuedToken?: number;
  /** In place of the work that the server asks for. */
  readonly work?: Uint8Array | null;
  readonly accountPassword?: string;
  readonly inviteCode?: string;
  /** It is a bot then. */
  readonly botPass?: string;
  /** Signed in place of the server's. */
  readonly challenge?: Uint8Array;
  readonly fingerprint?: Uint8Array;
}

export type Answer = CommandDone | ErrorMessage;

const waitMsMax = 20_000;

/** In place of the first byte of other streams. */
const controlKind = -1;

/** A client with the parts that tests look at; it does whatever a test wants, right or wrong. */
export class TestClient {
  readonly view = new SyncedView();
  /** What a message for the view becomes on its way. */
  mishear: (message: ViewMessage) => ViewMessage = (message) => message;
  readonly roomKeys: RoomKey[] = [];
  readonly messages: RoomMessage[] = [];
  /** What became of messages, oldest first. */
  readonly news: Exclude<TextNews, RoomMessage>[] = [];
  /** Roles that others were given meanwhile, oldest first. */
  readonly roleNews: RoleList[] = [];
  /** What the server told of talks, oldest first. */
  readonly talkMessages: TalkMessage[] = [];
  /** What the server told of calls, oldest first. */
  readonly calls: CallInfo[] = [];
  /** How far others came in talks, oldest first. */
  readonly marks: MessageAck[] = [];
  /** Keys of members of the own private room, and what they sealed for us, oldest first. */
  readonly privateNews: PrivateNews[] = [];
  /** What the server had to say to everybody, oldest first. */
  readonly messagesOfTheDay: string[] = [];
  readonly whisperKeys: WhisperKey[] = [];
  /** What the own whisper lists are sealed with, oldest first. */
  readonly whispersReady: WhisperReady[] = [];
  /** Of files, oldest first. */
  readonly fileChunks: DownloadChunk[] = [];
  /** QUIC datagrams, oldest first. */
  readonly datagrams: Uint8Array[] = [];
  /** Types of the messages of the stream of the view, in order. */
  readonly viewTypes: FrameType[] = [];
  /** Streams of rooms, each with the type of a message that came on it, in order of arrival. */
  readonly roomTypes: [stream: StreamId, type: FrameType][] = [];
  /** All messages of the control stream. */
  readonly control: Message[] = [];
  certificate: CertificateIdentity | null = null;
  hello: HelloAck | null = null;
  authOk: AuthOk | null = null;
  closed: QuicClose | null = null;
  readonly #driver: QuicDriver;
  readonly #connection: ConnectionId;
  readonly #readers = new Map<StreamId, { readonly kind: number; readonly frames: FrameReader }>();
  readonly #roomOrder = new RoomStreamOrder(({ message, stateHash }) => {
    this.#learn(message, stateHash);
  });
  readonly #answers = new Map<number, Message>();
  readonly #waiters = new Set<() => void>();
  #controlStream: StreamId | null = null;
  readonly #laneStreams = new Map<CommandLane, StreamId>();
  #nextRequestId = 1;
  #reads = true;

  constructor(driver: QuicDriver, connection: ConnectionId) {
    this.#driver = driver;
    this.#connection = connection;
  }

  handleEvent(event: QuicEvent): void {
    if (event.type === 'connected') this.certificate = event.certificate;
    if (event.type === 'closed') this.closed = event.close;
    if (event.type === 'datagram') this.datagrams.push(event.bytes);
    if (event.type === 'stream' && this.#reads) this.#receive(event.stream, event.bytes);
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** Waits until something holds; checked after every event of this client. */
  async until(what: string, holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(check);
      };
      const check = (): void => {
        if (!holds()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`waited in vain until ${what}; closed: ${JSON.stringify(this.closed)}`));
      }, waitMsMax);
      this.#waiters.add(check);
      check();
    });
  }

  async untilConnected(): Promise<void> {
    const isOver = (): boolean => this.certificate !== null || this.closed !== null;
    await this.until('the connection is made', isOver);
  }

  async untilClosed(): Promise<QuicClose> {
    await this.until('the connection is closed', () => this.closed !== null);
    return this.closed!;
  }

  /** Says Hello and waits for the challenge, or for what came instead. */
  async sayHello(version = protocolVersion): Promise<HelloAck | ErrorMessage> {
    const hello = { protocolVersion: version, features: [], clientName: 'test' } as const;
    const answer = await this.#ask({ type: FrameType.Hello, ...hello });
    if (answer.type === FrameType.HelloAck) this.hello = answer;
    return answer as HelloAck | ErrorMessage;
  }

  /** Logs in, from Hello to the whole view where the server lets it in. */
  async login(options: LoginOptions = {}): Promise<AuthOk | AuthFailed | ErrorMessage> {
    const answer = this.hello ?? (await this.sayHello(options.version));
    if (answer.type === FrameType.Error) return answer;
    const auth = (await this.#ask(this.signAuth(options))) as AuthOk | AuthFailed | ErrorMessage;
    if (auth.type !== FrameType.AuthOk) return auth;
    this.authOk = auth;
    await this.until('the view has come', () => this.view.own !== null);
    return auth;
  }

  /** Needs the challenge of sayHello(), unless another is given. */
  signAuth(options: LoginOptions = {}): Message {
    const identity = options.identity ?? createIdentity();
    const signed = loginMessage(
      options.challenge ?? this.hello!.challenge,
      options.fingerprint ?? this.certificate!.fingerprint,
      options.version ?? protocolVersion,
    );
    return {
      type: FrameType.Auth,
      publicKey: identity.publicKey,
      signature: new Uint8Array(sign(null, signed, identity.privateKey)),
      displayName: options.displayName ?? nameOf(identity),
      password: options.password ?? '',
      ticket: options.ticket ?? null,
      continuedToken: options.continuedToken ?? 0,
      work: options.work === undefined ? this.#work() : options.work,
      accountPassword: options.accountPassword ?? '',
      inviteCode: options.inviteCode ?? '',
      botPass: options.botPass ?? null,
    };
  }

  async command(command: CommandMessage): Promise<Answer> {
    const requestId = this.sendCommand(command);
    await this.until(`command ${command.type} is answered`, () => this.#answers.has(requestId));
    return this.#answers.get(requestId) as Answer;
  }

  /** As command(), where the answer has a type of its own. */
  async ask<Answer extends Message>(command: CommandMessage): Promise<Answer | ErrorMessage> {
    return (await this.command(command)) as Message as Answer | ErrorMessage;
  }

  /** @returns its request id */
  sendCommand(command: Message): number {
    const requestId = this.#nextRequestId++;
    this.sendBytes(laneOf(command.type), encodeMessage(command, requestId));
    return requestId;
  }

  sendControl(message: Message, requestId = 0): void {
    this.sendBytes('control', encodeMessage(message, requestId));
  }

  /** Writes on a stream of the conversation, opening it where it is not open yet. */
  sendBytes(lane: 'control' | CommandLane, bytes: Uint8Array): void {
    this.#driver.endpoint.write(this.#connection, this.#streamOf(lane), bytes);
    this.#driver.wake();
  }

  openUni(bytes: Uint8Array, fin = false): StreamId {
    const stream = this.#driver.endpoint.openUni(this.#connection);
    this.#driver.endpoint.write(this.#connection, stream, bytes, fin);
    this.#driver.wake();
    return stream;
  }

  openBidi(bytes: Uint8Array): void {
    const stream = this.#driver.endpoint.openBidi(this.#connection);
    this.#driver.endpoint.write(this.#connection, stream, bytes);
    this.#driver.wake();
  }

  sendDatagram(bytes: Uint8Array): void {
    this.#driver.endpoint.sendDatagram(this.#connection, bytes);
    this.#driver.wake();
  }

  /** Ends the control stream. */
  finishControl(): void {
    const nothing = new Uint8Array(0);
    this.#driver.endpoint.write(this.#connection, this.#controlStream!, nothing, true);
    this.#driver.wake();
  }

  resetLane(lane: CommandLane): void {
    this.#driver.endpoint.resetStream(this.#connection, this.#streamOf(lane), 0);
    this.#driver.wake();
  }

  close(code: CloseCode = CloseCode.Done): void {
    if (this.closed === null) this.#driver.endpoint.close(this.#connection, code, '');
    this.#driver.wake();
  }

  /** The newest ticket for coming back; waits for one. */
  async ticket(): Promise<Uint8Array> {
    const isTicket = (message: Message): message is ResumeTicket =>
      message.type === FrameType.ResumeTicket;
    await this.until('a ticket has come', () => this.control.some(isTicket));
    return this.control.findLast(isTicket)!.ticket;
  }

  get rooms(): ReadonlyMap<Uuid, RoomInfo> {
    return this.view.rooms;
  }

  /** Everybody that the view knows of. */
  get sessions(): ReadonlyMap<number, SessionInfo> {
    return this.view.sessions;
  }

  /** The own session as the own view shows it. */
  get self(): SessionInfo {
    return this.view.own!;
  }

  #work(): Uint8Array | null {
    const { hello } = this;
    if (hello === null || hello.workBits === 0) return null;
    return findWork(hello.challenge, hello.workBits);
  }

  #streamOf(lane: 'control' | CommandLane): StreamId {
    if (lane === 'control') {
      return (this.#controlStream ??= this.#driver.endpoint.openBidi(this.#connection));
    }
    const known = this.#laneStreams.get(lane);
    if (known !== undefined) return known;
    const stream = this.openUni(Uint8Array.of(laneStreams[lane].kind));
    this.#laneStreams.set(lane, stream);
    return stream;
  }

  async #ask(message: Message): Promise<Message> {
    const requestId = this.#nextRequestId++;
    this.sendControl(message, requestId);
    await this.until(`${message.type} is answered`, () => this.#answers.has(requestId));
    return this.#answers.get(requestId)!;
  }

  #receive(stream: StreamId, bytes: Uint8Array): void {
    let reader = this.#readers.get(stream);
    let rest = bytes;
    if (reader === undefined) {
      const isControl = stream === this.#controlStream;
      const frames = new FrameReader(framePayloadBytesMax.fromServer);
      reader = { kind: isControl ? controlKind : bytes[0]!, frames };
      this.#readers.set(stream, reader);
      if (!isControl) rest = bytes.subarray(1);
    }
    const { kind, frames } = reader;
    frames.push(rest);
    for (let frame = frames.next(); frame !== null; frame = frames.next()) {
      this.#take(stream, kind, decodeMessage(frame.type, frame.payload));
    }
  }

  #take(stream: StreamId, kind: number, received: ReceivedMessage): void {
    const { message, requestId, stateHash } = received;
    if (kind === StreamKind.Shard || kind === StreamKind.Hot)
      this.roomTypes.push([stream, message.type]);
    switch (kind) {
      case controlKind:
        this.control.push(message);
        if (requestId !== 0) this.#answers.set(requestId, message);
        return;
      case StreamKind.Shard:
        this.#roomOrder.takeFromShard(stream, received);
        return;
      case StreamKind.Hot:
        this.#roomOrder.takeFromHot(stream, received);
        return;
      case StreamKind.Bulk:
        this.fileChunks.push(message as DownloadChunk);
        return;
      default:
        this.viewTypes.push(message.type);
        this.#learn(message, stateHash);
    }
  }

  #learn(message: Message, stateHash: Uint8Array | null): void {
    if (message.type === FrameType.RoomKey) this.roomKeys.push(message);
    if (message.type === FrameType.RoomMessage) this.messages.push(message);
    else if (isTextNews(message)) this.news.push(message);
    if (message.type === FrameType.MessageAck) this.marks.push(message);
    if (message.type === FrameType.RoleList) this.roleNews.push(message);
    if (isTalkMessage(message)) this.talkMessages.push(message);
    if (message.type === FrameType.CallPut) this.calls.push(message.call);
    if (message.type === FrameType.MemberKey || message.type === FrameType.KeyShare) {
      this.privateNews.push(message);
    }
    if (message.type === FrameType.MessageOfTheDay) this.messagesOfTheDay.push(message.text);
    if (message.type === FrameType.WhisperKey) this.whisperKeys.push(message);
    if (message.type === FrameType.WhisperReady) this.whispersReady.push(message);
    if (!isViewMessage(message)) return;
    const resync = this.view.apply(this.mishear(message), stateHash);
    if (resync !== null) this.sendCommand(resync);
  }
}

function isTalkMessage(message: Message): message is TalkMessage {
  const { TalkList, TalkPut, TalkRemoved } = FrameType;
  return ([TalkList, TalkPut, TalkRemoved] as readonly FrameType[]).includes(message.type);
}

/** No two of different identities look alike. */
function nameOf({ publicKey }: TestIdentity): string {
  return `Test ${Buffer.from(publicKey.subarray(0, 6)).toString('hex')}`;
}
