import { contentHash } from '@rookery/schemas/contentHash';
import { FrameType } from '@rookery/schemas/frameType';
import type { BulkMessage, FileInfo, FileMessage, Message } from '@rookery/schemas/messages';
import { fileTransfer, rootRoomId } from '@rookery/schemas/protocol';
import type { BulkListener, BulkPath } from '../bulkPath.js';
import { ClientError } from '../clientError.js';

const uploadId = '01234567-89ab-7def-8123-456789abcdef';

/** A server's side of one file, kept over several connections of one client. */
export class FarFiles {
  /** What has come, or what there is to fetch. */
  bytes = new Uint8Array(0);
  /** Most bytes that were under way at a time without an acknowledgement. */
  underWayMax = 0;
  /** Uploads that the client took back. */
  cancelled = 0;
  /** What it says of the file. */
  name = 'nest.bin';
  hash: Uint8Array | null = null;
  private sizeBytes = 0;

  /** @param messagesMax after so many chunks in either direction the connection is lost. */
  connect(messagesMax: number, onLost: () => void): BulkPath {
    const listeners = new Set<BulkListener>();
    let left = messagesMax;
    let underWay = 0;
    const lose = (): void => {
      onLost();
      const reason = new ClientError('disconnected', 'lost');
      for (const listener of [...listeners]) listener.onLost(reason);
    };
    const tell = (message: FileMessage): void => {
      for (const listener of [...listeners]) listener.onMessage(message);
    };
    const send = (message: BulkMessage): void => {
      if (message.type !== FrameType.UploadChunk || left < 0) return;
      if (left-- === 0) {
        lose();
        return;
      }
      if (message.offset !== this.bytes.length) throw new Error(`a chunk at ${message.offset}`);
      this.bytes = new Uint8Array(Buffer.concat([this.bytes, message.bytes]));
      underWay += message.bytes.length;
      this.underWayMax = Math.max(this.underWayMax, underWay);
      const offset = this.bytes.length;
      const { cancelled } = this;
      setImmediate(() => {
        underWay -= message.bytes.length;
        if (left >= 0 && cancelled === this.cancelled)
          tell({ type: FrameType.UploadAck, uploadId, offset });
      });
    };
    const sendRange = (downloadId: number, from: number, length: number): void => {
      const { chunkBytesMax } = fileTransfer;
      for (let offset = from; offset < from + length; offset += chunkBytesMax) {
        if (left-- === 0) {
          lose();
          return;
        }
        const end = Math.min(from + length, offset + chunkBytesMax);
        const bytes = this.bytes.slice(offset, end);
        tell({ type: FrameType.DownloadChunk, downloadId, offset, bytes });
      }
    };
    const ask = (message: BulkMessage): Promise<Message> => {
      if (message.type === FrameType.UploadStart) {
        this.sizeBytes = message.sizeBytes;
        const offset = this.bytes.length;
        return Promise.resolve({ type: FrameType.UploadAck, uploadId, offset });
      }
      if (message.type === FrameType.UploadCancel) {
        this.cancelled++;
        this.bytes = new Uint8Array(0);
      }
      if (message.type === FrameType.DownloadRange) {
        const { downloadId, offset, length } = message;
        setImmediate(() => sendRange(downloadId, offset, length));
        return Promise.resolve({ type: FrameType.CommandDone, createdId: null, listId: 0 });
      }
      return Promise.resolve(this.info());
    };
    const listen = (listener: BulkListener): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    return { ask, send, listen };
  }

  private info(): FileInfo {
    return {
      type: FrameType.FileInfo,
      uploadId,
      placeId: rootRoomId,
      userId: rootRoomId,
      name: this.name,
      mediaType: 'application/octet-stream',
      sizeBytes: this.sizeBytes === 0 ? this.bytes.length : this.sizeBytes,
      hash: this.hash ?? contentHash(this.bytes),
      uploadedAtMs: 0,
      thumbnail: null,
    };
  }
}
