import { contentHash } from '@rookery/schemas/contentHash';
import { FrameType } from '@rookery/schemas/frameType';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type {
  DownloadRange,
  FileInfo,
  Message,
  UploadStart,
  Uuid,
} from '@rookery/schemas/messages';
import { fileTransfer, rootRoomId } from '@rookery/schemas/protocol';
import type { TestClient } from './testClient.js';

/** A file as a test sends it; what is said of it may be a lie. */
export interface SentFile {
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly placeId?: Uuid;
  readonly sizeBytes?: number;
  readonly hash?: Uint8Array;
}

export function startOf({ bytes, ...said }: SentFile): UploadStart {
  return {
    type: FrameType.UploadStart,
    placeId: said.placeId ?? rootRoomId,
    name: said.name ?? 'nest.bin',
    sizeBytes: said.sizeBytes ?? bytes.length,
    hash: said.hash ?? contentHash(bytes),
  };
}

/** Sends a message that is answered by any other. */
export async function ask(client: TestClient, message: Parameters<TestClient['command']>[0]) {
  return (await client.command(message)) as Message;
}

/** Sends what the server has not, from `offset` to `end`, a chunk at a time. */
export async function sendChunks(
  client: TestClient,
  uploadId: Uuid,
  bytes: Uint8Array,
  { offset = 0, end = bytes.length } = {},
): Promise<Message | null> {
  let answer: Message | null = null;
  for (let at = offset; at < end; at += fileTransfer.chunkBytesMax) {
    const piece = bytes.subarray(at, Math.min(end, at + fileTransfer.chunkBytesMax));
    answer = await ask(client, { type: FrameType.UploadChunk, uploadId, offset: at, bytes: piece });
    if (answer.type !== FrameType.UploadAck) return answer;
  }
  return answer;
}

/** Uploads a file, to its end. @throws Error where the server refuses it */
export async function upload(client: TestClient, file: SentFile): Promise<FileInfo> {
  const ack = await ask(client, startOf(file));
  if (ack.type !== FrameType.UploadAck) throw new Error(`refused: ${JSON.stringify(ack)}`);
  const { uploadId, offset } = ack;
  await sendChunks(client, uploadId, file.bytes, { offset });
  const info = await ask(client, { type: FrameType.UploadComplete, uploadId });
  if (info.type !== FrameType.FileInfo) throw new Error(`refused: ${JSON.stringify(info)}`);
  return info;
}

/** Downloads one range. @throws Error where the server refuses it */
export async function download(
  client: TestClient,
  uploadId: Uuid,
  asked: Partial<Pick<DownloadRange, 'offset' | 'length' | 'variant'>> = {},
): Promise<Uint8Array> {
  client.fileChunks.length = 0;
  const whole = { offset: 0, length: fileTransfer.rangeBytesMax, variant: FileVariant.Original };
  const { offset, length, variant } = { ...whole, ...asked };
  const range = { downloadId: 1, uploadId, variant, offset, length };
  const info = await ask(client, { type: FrameType.ReadFile, uploadId });
  if (info.type !== FrameType.FileInfo) throw new Error(`refused: ${JSON.stringify(info)}`);
  const answer = await ask(client, { type: FrameType.DownloadRange, ...range });
  if (answer.type !== FrameType.CommandDone) throw new Error(`refused: ${JSON.stringify(answer)}`);
  const isThumbnail = variant === FileVariant.Thumbnail;
  const sizeBytes = isThumbnail ? info.thumbnail!.sizeBytes : info.sizeBytes;
  const expected = Math.min(length, sizeBytes - offset);
  const received = (): number =>
    client.fileChunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  await client.until('all bytes have come', () => received() >= expected);
  return new Uint8Array(Buffer.concat(client.fileChunks.map(({ bytes }) => bytes)));
}

/** Bytes that differ from place to place, and for each seed. */
export function someBytes(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + seed) & 0xff);
}
