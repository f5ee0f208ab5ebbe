import type { WebSocket } from 'ws';
import { BridgeCodec } from '../bridge/bridgeCodec.js';
import {
  isFaceMessage,
  type EngineMessage,
  type FaceMessage,
  type HostPort,
} from '../bridge/bridgeMessages.js';

/** More than a whole state of 5,000 people; who lets as much wait does not keep up. */
const waitingBytesMax = 4 * 1_024 * 1_024;

/** The engine's end of a way to a page. What a page sends that is no message closes the way. */
export class SocketPort implements HostPort {
  onMessage: (message: FaceMessage) => void = () => undefined;
  onClose: () => void = () => undefined;
  private readonly codec = new BridgeCodec();

  constructor(private readonly socket: WebSocket) {
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data) => this.receive(data as Buffer));
    socket.on('close', () => this.onClose());
    // A close follows; there is nothing else to do about it.
    socket.on('error', () => undefined);
  }

  get isBehind(): boolean {
    return this.socket.bufferedAmount > waitingBytesMax;
  }

  send(message: EngineMessage): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(this.codec.encode(message));
  }

  close(): void {
    this.socket.close(1001);
  }

  private receive(bytes: Buffer): void {
    const message = this.decoded(bytes);
    if (message !== null) this.onMessage(message);
    else this.socket.close(1007, 'no message');
  }

  private decoded(bytes: Buffer): FaceMessage | null {
    try {
      const message = this.codec.decode(bytes);
      return isFaceMessage(message) ? message : null;
    } catch {
      return null;
    }
  }
}
