import { BridgeCodec } from './bridgeCodec.js';
import {
  isFaceMessage,
  type EngineMessage,
  type FaceMessage,
  type HostPort,
} from './bridgeMessages.js';

/** What is used of Electron's MessagePortMain. */
export interface MainPort {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Messages that a window has not taken yet: a port does not say how much waits in it, so the window
 * says how many it took. At 30 changes a second these are two seconds of them.
 */
const waitingMax = 64;

/**
 * The engine's end of a way to a window of Electron. Messages are bytes, as over a WebSocket; the
 * window answers each with how many it took. What it sends that is no message closes the way.
 */
export class MessagePortHost implements HostPort {
  onMessage: (message: FaceMessage) => void = () => undefined;
  onClose: () => void = () => undefined;
  private readonly codec = new BridgeCodec();
  private sent = 0;
  private taken = 0;
  private isClosed = false;

  constructor(private readonly port: MainPort) {
    port.on('message', ({ data }) => this.receive(data));
    port.on('close', () => this.end());
    port.start();
  }

  get isBehind(): boolean {
    return this.sent - this.taken >= waitingMax;
  }

  send(message: EngineMessage): void {
    if (this.isClosed) return;
    this.sent++;
    this.port.postMessage(this.codec.encode(message));
  }

  close(): void {
    this.port.close();
    this.end();
  }

  private receive(data: unknown): void {
    if (this.isClosed) return;
    if (typeof data === 'number') {
      this.taken = data;
      return;
    }
    const message = this.decoded(data);
    if (message !== null) this.onMessage(message);
    else this.close();
  }

  private decoded(data: unknown): FaceMessage | null {
    try {
      const message = data instanceof Uint8Array ? this.codec.decode(data) : null;
      return isFaceMessage(message) ? message : null;
    } catch {
      return null;
    }
  }

  private end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose();
  }
}
