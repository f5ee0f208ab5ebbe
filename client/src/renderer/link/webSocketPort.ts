import { BridgeCodec } from '@rookery/client/bridge/bridgeCodec';
import type { EngineMessage, FaceMessage, FacePort } from '@rookery/client/bridge/bridgeMessages';

/** The page's end of a way to the engine of the browser shell. */
export class WebSocketPort implements FacePort {
  onMessage: (message: EngineMessage) => void = () => undefined;
  onClose: () => void = () => undefined;
  /** What a person does is never too much. */
  readonly isBehind = false;
  private readonly codec = new BridgeCodec();
  private readonly waiting: FaceMessage[] = [];

  constructor(private readonly socket: WebSocket) {
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.waiting.splice(0).forEach((message) => this.send(message));
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) =>
      this.onMessage(this.codec.decode(new Uint8Array(data)) as EngineMessage);
    socket.onclose = () => this.onClose();
  }

  send(message: FaceMessage): void {
    if (this.socket.readyState === WebSocket.CONNECTING) this.waiting.push(message);
    else this.socket.send(this.codec.encode(message));
  }

  close(): void {
    this.socket.close();
  }
}

/** To the process that serves this page. */
export function openWebSocketPort(): FacePort {
  const url = new URL('/engine', location.href);
  url.protocol = 'ws:';
  return new WebSocketPort(new WebSocket(url));
}
