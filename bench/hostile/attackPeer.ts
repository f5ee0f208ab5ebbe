import { generateKeyPairSync, sign } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FrameReader } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { loginMessage } from '@rookery/schemas/loginMessage';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type { Message } from '@rookery/schemas/messages';
import {
  applicationProtocol,
  framePayloadBytesMax,
  protocolVersion,
  rootRoomId,
  StreamKind,
} from '@rookery/schemas/protocol';
import { PeerCertificates } from '@rookery/transport/peerCertificates';
import { HostilePeer } from '@rookery/transport/testing/hostilePeer';
import type { QuicFrame } from '@rookery/transport/testing/quicFrames';
import type { AttackSocket } from './attackSocket.js';

const controlStream = 0;
const commandStream = 2;
const waitMs = 5;
const handshakeMsMax = 5_000;
const readBytesMax = 65_536;

/** A hostile peer on a socket: keeps the rules until it has what it wants, and then none. */
export class AttackPeer {
  readonly #peer: HostilePeer;
  readonly #socket: AttackSocket;
  readonly #frames = new FrameReader(framePayloadBytesMax.fromServer);

  /** Makes a connection; null where the server does not let it. */
  static async connect(socket: AttackSocket): Promise<AttackPeer | null> {
    const made = new AttackPeer(socket);
    const isMade = await made.#until(() => made.#peer.native.isEstablished());
    return isMade ? made : null;
  }

  private constructor(socket: AttackSocket) {
    this.#socket = socket;
    const { local, server } = socket;
    this.#peer = new HostilePeer({ alpn: applicationProtocol, local, server });
    socket.onPacket = (packet) => {
      this.#peer.receive(packet);
      this.#flush();
    };
    this.#flush();
  }

  get isOver(): boolean {
    return this.#peer.native.isClosed() || this.#peer.native.isDraining();
  }

  get framesBytesMax(): number {
    return this.#peer.framesBytesMax;
  }

  /** Logs in, and enters the lobby. @returns whether it was let in */
  async login(name: string): Promise<boolean> {
    const { native } = this.#peer;
    const hello = { protocolVersion, features: [], clientName: 'bench' };
    const challenge = await this.#ask({ type: FrameType.Hello, ...hello });
    if (challenge?.type !== FrameType.HelloAck) return false;
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    const { fingerprint } = new PeerCertificates().read(native)!;
    const signed = loginMessage(challenge.challenge, fingerprint, protocolVersion);
    const answer = await this.#ask({
      type: FrameType.Auth,
      publicKey: new Uint8Array(spki.subarray(-32)),
      signature: new Uint8Array(sign(null, signed, privateKey)),
      displayName: name,
      password: '',
      ticket: null,
      continuedToken: 0,
      work: null,
      accountPassword: '',
      inviteCode: '',
      botPass: null,
    });
    if (answer?.type !== FrameType.AuthOk) return false;
    native.streamSend(commandStream, Uint8Array.of(StreamKind.Commands), false);
    const join = encodeMessage({ type: FrameType.JoinRoom, roomId: rootRoomId }, 1);
    native.streamSend(commandStream, join, false);
    this.#flush();
    return true;
  }

  /** From now on nothing of the server is heard. */
  stopHearing(): void {
    this.#socket.onPacket = () => undefined;
  }

  craft(frames: readonly QuicFrame[]): void {
    this.#socket.send(this.#peer.craft(...frames));
  }

  /** Ends nothing: the server has to find out. */
  leave(): void {
    this.stopHearing();
    this.#peer.close();
  }

  async #ask(message: Message): Promise<Message | null> {
    const { native } = this.#peer;
    native.streamSend(controlStream, encodeMessage(message, 1), false);
    this.#flush();
    let answer: Message | null = null;
    const bytes = new Uint8Array(readBytesMax);
    await this.#until(() => {
      while (native.streamReadable(controlStream)) {
        const read = native.streamRecv(controlStream, bytes);
        if (read === null) break;
        this.#frames.push(bytes.slice(0, read[0]));
      }
      const frame = this.#frames.next();
      if (frame !== null) answer = decodeMessage(frame.type, frame.payload).message;
      return answer !== null;
    });
    return answer;
  }

  async #until(holds: () => boolean): Promise<boolean> {
    const lateMs = performance.now() + handshakeMsMax;
    while (!holds()) {
      if (performance.now() > lateMs || this.isOver) return false;
      await delay(waitMs);
      if (this.#peer.native.timeout() === 0) this.#peer.native.onTimeout();
      this.#flush();
    }
    return true;
  }

  #flush(): void {
    for (const packet of this.#peer.outgoing()) this.#socket.send(packet);
  }
}
