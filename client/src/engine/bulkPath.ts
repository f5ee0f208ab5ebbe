import type { BulkMessage, FileMessage, Message } from '@rookery/schemas/messages';
import type { ClientError } from './clientError.js';

/** The way of files on one connection. */
export interface BulkPath {
  /** @returns any answer but an error. @throws ClientError as Connection.request(). */
  ask(command: BulkMessage, timeoutMs?: number): Promise<Message>;
  /** Sends what is answered without its number: a chunk. @throws ClientError `disconnected`. */
  send(command: BulkMessage): void;
  /** @returns ends it. */
  listen(listener: BulkListener): () => void;
}

export interface BulkListener {
  /** What the server says of files unasked. */
  onMessage(message: FileMessage): void;
  /** The connection is gone, and so is this way. */
  onLost(reason: ClientError): void;
}
