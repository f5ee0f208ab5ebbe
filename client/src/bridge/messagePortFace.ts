import { BridgeCodec } from './bridgeCodec.js';
import type { EngineMessage, FaceMessage, FacePort } from './bridgeMessages.js';

/** What is used of a page's MessagePort. */
export interface PagePort {
  postMessage(message: unknown): void;
  close(): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

/**
 * The window's end of a way to the engine (messagePortHost.ts). The port itself may come later;
 * what is said meanwhile waits.
 */
export class MessagePortFace implements FacePort {
  onMessage: (message: EngineMessage) => void = () => undefined;
  onClose: () => void = () => undefined;
  /** What a person does is never too much. */
  readonly isBehind = false;
  private readonly codec = new BridgeCodec();
  private readonly waiting: FaceMessage[] = [];
  private port: PagePort | null = null;
  private taken = 0;

  attach(port: PagePort): void {
    this.port = port;
    port.onmessage = ({ data }) => this.receive(port, data as Uint8Array);
    for (const message of this.waiting.splice(0)) this.send(message);
  }

  send(message: FaceMessage): void {
    if (this.port === null) this.waiting.push(message);
    else this.port.postMessage(this.codec.encode(message));
  }

  /** The engine is gone, and this way with it. */
  close(): void {
    this.port?.close();
    this.onClose();
  }

  private receive(port: PagePort, data: Uint8Array): void {
    this.taken++;
    this.onMessage(this.codec.decode(data) as EngineMessage);
    port.postMessage(this.taken);
  }
}
