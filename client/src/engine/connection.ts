import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { FrameType } from '@rookery/schemas/frameType';
import { loginMessage } from '@rookery/schemas/loginMessage';
import type {
  AuthOk,
  CommandDone,
  CommandMessage,
  HelloAck,
  Message,
  ReceivedMessage,
  ResumeTicket,
  RoomStreamMessage,
} from '@rookery/schemas/messages';
import type { MessageOf } from '@rookery/schemas/messages/codec';
import { CloseCode, protocolVersion } from '@rookery/schemas/protocol';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import type { BulkListener, BulkPath } from './bulkPath.js';
import { ClientError } from './clientError.js';
import { CommandPace, type Throttled } from './commandPace.js';
import type { Identity } from './identity.js';
import { doJoinWork } from './joinWork.js';
import { openQuicLink, type QuicLink } from './quicLink.js';
import { Requests } from './requests.js';
import type { ServerAddress } from './serverAddress.js';
import type { PinVerdict, ServerCheck } from './serverPins.js';
import type { DatagramPath } from './voiceConnection.js';
import { errorOfAnswer, errorOfAuthFailed, errorOfEnd, errorOfGoodbye } from './serverAnswers.js';

export interface ConnectionOptions {
  readonly address: ServerAddress;
  readonly identity: Identity;
  readonly displayName: string;
  /** Sent only to a server that asks for one. */
  readonly password: string;
  /** Of the account, where it has one; else ''. */
  readonly accountPassword: string;
  /** An invitation, or the owner's token; '' for none. */
  readonly inviteCode: string;
  /** Stands for the password: 32 bytes, or null. */
  readonly ticket: Uint8Array | null;
  /** Token of the session to go on with; 0 for none. */
  readonly continuedToken: number;
  /** Another ticket, for the next login. */
  readonly onTicket: (ticket: ResumeTicket) => void;
  /** Program and version, for the server's log. */
  readonly clientName: string;
  /** For the handshake, and again for each answer. */
  readonly timeoutMs: number;
  /** Whether this is the server that it should be: rejects where not. Nothing is said before. */
  readonly checkFingerprint: ServerCheck;
  /** @param stateHash of the part of the view that it is about, where the server states it. */
  readonly onMessage: (message: RoomStreamMessage, stateHash: Uint8Array | null) => void;
  /** The server asks to be slower, and commands wait for it. */
  readonly onThrottled?: (throttled: Throttled) => void;
  /** Called once, unless close() was called before. */
  readonly onLost: (reason: ClientError) => void;
  /** Gives up connecting. */
  readonly signal: AbortSignal;
}

/** What the login brought. */
export interface Login {
  readonly serverName: string;
  /** SHA-256 of the server's key, as fingerprintText() writes it. */
  readonly fingerprint: string;
  readonly pin: PinVerdict;
  readonly userId: string;
  readonly sessionToken: number;
  /** 16 bytes. */
  readonly hopKey: Uint8Array;
  readonly voiceAddress: UdpAddress;
  /** The session is the one that was to go on. */
  readonly continued: boolean;
}

/** A session on a server, from login to goodbye. */
export interface Connection {
  readonly login: Login;
  /** Who logged in. */
  readonly identity: Identity;
  /** @throws ClientError `noSuchRoom`, `commandRefused`, `unreachable`, `disconnected`. */
  request(command: CommandMessage): Promise<CommandDone>;
  /** As request(), where the answer is of this type. */
  query<T extends FrameType>(command: CommandMessage, answerType: T): Promise<MessageOf<T>>;
  /**
   * Finds out whether the server is there: loses the connection where it does not answer in time. A
   * server that was started anew tells so at once.
   */
  probe(): void;
  /** Smoothed, of the connection's own packets; 0 while not known. */
  readonly roundTripMs: number;
  /** The datagrams of both directions. */
  readonly datagrams: DatagramPath;
  readonly bulk: BulkPath;
  /** Says goodbye. */
  close(): Promise<void>;
}

/**
 * Connects and logs in: hello, challenge, signature (see schemas/loginMessage.ts).
 *
 * @throws ClientError as errorOfAuthFailed(), `unreachable`, `versionMismatch`, `disconnected`,
 *   `protocolViolation`, or what checkFingerprint throws. Nothing is left open then.
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const connection = new ServerConnection(options);
  try {
    await connection.open();
    return connection;
  } catch (error) {
    await connection.abandon();
    throw error;
  }
}

/** An answer that takes longer is waited for, but the server is asked whether it is there. */
const doubtAfterMs = 1_000;
/** A server that says nothing for so long when asked is taken for gone; a return costs little. */
const silenceMsMax = 3_000;

class ServerConnection implements Connection {
  login!: Login;
  readonly identity: Identity;
  readonly datagrams: DatagramPath = {
    send: (datagram) => this.link?.sendDatagram(datagram) ?? false,
    listen: (listener) => {
      this.datagramListeners.add(listener);
      return () => void this.datagramListeners.delete(listener);
    },
  };
  readonly bulk: BulkPath = {
    ask: (command, timeoutMs) =>
      this.ask((link, requestId) => link.sendCommand(command, requestId), timeoutMs),
    send: (command) => {
      if (this.end !== null) throw this.end;
      this.link?.sendCommand(command, 0);
    },
    listen: (listener) => {
      this.bulkListeners.add(listener);
      return () => void this.bulkListeners.delete(listener);
    },
  };
  private readonly bulkListeners = new Set<BulkListener>();
  private readonly datagramListeners = new Set<(datagram: Uint8Array) => void>();
  private link: QuicLink | null = null;
  private readonly requests = new Requests();
  private readonly pace: CommandPace;
  /** Why the connection is over, or null while it is not. */
  private end: ClientError | null = null;
  private isLoggedIn = false;
  private isProbing = false;
  /** It came to its end by itself. */
  private isLost = false;

  constructor(private readonly options: ConnectionOptions) {
    this.pace = new CommandPace(options.timeoutMs);
    this.identity = options.identity;
  }

  async open(): Promise<void> {
    const { address, timeoutMs, signal } = this.options;
    this.link = await openQuicLink({
      address,
      timeoutMs,
      signal,
      onMessage: (received) => this.onMessage(received),
      onDatagram: (datagram) => {
        for (const listener of this.datagramListeners) listener(datagram);
      },
      onEnd: (end) => this.lose(errorOfEnd(end)),
    });
    const onAbort = (): void => this.lose(new ClientError('disconnected', 'stopped'));
    signal.addEventListener('abort', onAbort);
    try {
      this.login = await this.logIn(this.link);
      this.isLoggedIn = true;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  get roundTripMs(): number {
    return this.link?.roundTripMs ?? 0;
  }

  async request(command: CommandMessage): Promise<CommandDone> {
    return await this.query(command, FrameType.CommandDone);
  }

  async query<T extends FrameType>(command: CommandMessage, answerType: T): Promise<MessageOf<T>> {
    const send = (link: QuicLink, requestId: number): void => link.sendCommand(command, requestId);
    const answer = await this.pace.run(command.type, () => this.hear(send));
    if (answer.type === FrameType.Error) throw errorOfAnswer(answer);
    if (answer.type !== answerType) throw outOfPlace(answer);
    return answer as MessageOf<T>;
  }

  probe(): void {
    const { link, end, isProbing } = this;
    if (link === null || end !== null) return;
    const ping = { type: FrameType.Ping, nonce: 0 } as const;
    if (isProbing) {
      // A packet of its own: what QUIC repeats comes later each time.
      link.sendControl(ping);
      return;
    }
    this.isProbing = true;
    const { timeoutMs } = this.options;
    this.requests
      .ask((requestId) => link.sendControl(ping, requestId), Math.min(silenceMsMax, timeoutMs))
      .catch((error: unknown) => {
        if (error instanceof ClientError) this.lose(error);
      })
      .finally(() => (this.isProbing = false));
  }

  async close(): Promise<void> {
    if (this.end === null) {
      const reason = GoodbyeReason.ClientLeft;
      this.link?.sendControl({ type: FrameType.Goodbye, reason, message: '' });
    }
    await this.abandon();
  }

  /** Gives everything back without a word. */
  async abandon(): Promise<void> {
    this.end ??= new ClientError('disconnected', 'the session was left');
    this.failAll(this.end);
    await this.link?.close(this.closeCode(this.end));
    this.link = null;
  }

  private closeCode({ code }: ClientError): CloseCode {
    if (code === 'protocolViolation') return CloseCode.ProtocolViolation;
    return this.isLost ? CloseCode.Lost : CloseCode.Done;
  }

  private lose(reason: ClientError): void {
    if (this.end !== null) return;
    this.end = reason;
    this.isLost = true;
    this.failAll(reason);
    if (this.isLoggedIn) this.options.onLost(reason);
  }

  private async logIn(link: QuicLink): Promise<Login> {
    const { identity, displayName, password, ticket, continuedToken } = this.options;
    const { accountPassword, inviteCode } = this.options;
    const { fingerprints } = link;
    const pin = await this.options.checkFingerprint(fingerprints);
    const ack = await this.hello();
    const work =
      ack.workBits === 0
        ? null
        : await doJoinWork(ack.challenge, ack.workBits, this.options.signal);
    const signed = loginMessage(ack.challenge, link.certificate.fingerprint, protocolVersion);
    const ok = await this.authenticate({
      type: FrameType.Auth,
      publicKey: identity.publicKey,
      signature: identity.sign(signed),
      displayName,
      password: ack.passwordRequired ? password : '',
      ticket,
      continuedToken,
      work,
      accountPassword,
      inviteCode,
      botPass: null,
    });
    return {
      serverName: ack.serverName,
      fingerprint: fingerprints.key,
      pin,
      userId: ok.userId,
      sessionToken: ok.sessionToken,
      hopKey: ok.hopKey,
      voiceAddress: { host: link.remote.host, port: ok.voicePort },
      continued: ok.continued,
    };
  }

  private async hello(): Promise<HelloAck> {
    const { clientName } = this.options;
    const hello = { type: FrameType.Hello, protocolVersion, features: [], clientName };
    const answer = await this.ask((link, requestId) => link.sendControl(hello, requestId));
    if (answer.type !== FrameType.HelloAck) throw outOfPlace(answer);
    if (answer.protocolVersion !== protocolVersion) {
      throw new ClientError(
        'versionMismatch',
        `the server speaks version ${answer.protocolVersion} of the protocol, this client ` +
          `version ${protocolVersion}: update the older one`,
      );
    }
    return answer;
  }

  private async authenticate(auth: Message): Promise<AuthOk> {
    const answer = await this.ask((link, requestId) => link.sendControl(auth, requestId));
    if (answer.type === FrameType.AuthFailed) throw errorOfAuthFailed(answer);
    if (answer.type !== FrameType.AuthOk) throw outOfPlace(answer);
    return answer;
  }

  private failAll(reason: ClientError): void {
    this.requests.failAll(reason);
    for (const listener of [...this.bulkListeners]) listener.onLost(reason);
  }

  private async ask(
    send: (link: QuicLink, requestId: number) => void,
    timeoutMs = this.options.timeoutMs,
  ): Promise<Message> {
    const answer = await this.hear(send, timeoutMs);
    if (answer.type === FrameType.Error) throw errorOfAnswer(answer);
    return answer;
  }

  /** As ask(), where a refusal is an answer too. */
  private async hear(
    send: (link: QuicLink, requestId: number) => void,
    timeoutMs = this.options.timeoutMs,
  ): Promise<Message> {
    const { link, end } = this;
    if (end !== null) throw end;
    if (link === null) throw new ClientError('disconnected', 'not connected');
    const doubt = setTimeout(() => this.probe(), doubtAfterMs);
    const asking = this.requests.ask((requestId) => send(link, requestId), timeoutMs);
    return await asking.finally(() => clearTimeout(doubt));
  }

  private onMessage(received: ReceivedMessage): void {
    if (this.requests.answer(received)) return;
    const { message } = received;
    switch (message.type) {
      case FrameType.RoomInit:
      case FrameType.StateUpdate:
      case FrameType.RoomMembers:
      case FrameType.MembersUpdate:
      case FrameType.MembersEnd:
      case FrameType.Presence:
      case FrameType.OwnSession:
      case FrameType.RoomMessage:
      case FrameType.MessageEdited:
      case FrameType.MessageDeleted:
      case FrameType.ReactionChanged:
      case FrameType.PinsChanged:
      case FrameType.MessageAck:
      case FrameType.RoomKey:
      case FrameType.WhisperReady:
      case FrameType.WhisperKey:
      case FrameType.MemberKey:
      case FrameType.KeyShare:
      case FrameType.MessageOfTheDay:
      case FrameType.TalkList:
      case FrameType.TalkPut:
      case FrameType.TalkRemoved:
      case FrameType.CallPut:
      case FrameType.OwnAccess:
        this.options.onMessage(message, received.stateHash);
        break;
      case FrameType.UploadAck:
      case FrameType.DownloadChunk:
      case FrameType.TransferFailed:
        for (const listener of [...this.bulkListeners]) listener.onMessage(message);
        break;
      case FrameType.ResumeTicket:
        this.options.onTicket(message);
        break;
      case FrameType.Ping:
        this.link?.sendControl({ type: FrameType.Pong, nonce: message.nonce });
        break;
      case FrameType.Throttle: {
        const throttled = this.pace.slowDown(message);
        if (throttled !== null) this.options.onThrottled?.(throttled);
        break;
      }
      case FrameType.Goodbye:
        this.lose(errorOfGoodbye(message));
        break;
      case FrameType.Error:
        // Nobody asked: the server says why it is about to close. With an id it is a late answer.
        if (received.requestId === 0) this.lose(errorOfAnswer(message));
        break;
      case FrameType.RoleList:
        if (received.requestId === 0) this.options.onMessage(message, null);
        break;
      default:
        // A late answer.
        break;
    }
  }
}

function outOfPlace({ type }: Message): ClientError {
  return new ClientError(
    'protocolViolation',
    `the server gave an answer of type 0x${type.toString(16)} where it makes no sense`,
  );
}
