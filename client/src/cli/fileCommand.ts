import type { Uuid } from '@rookery/schemas/messages';
import type { ProgressListener } from '../engine/fileTransfers.js';
import type { ChatOptions } from './chatCommand.js';
import { enterPlace } from './chatPlace.js';
import type { Output } from './output.js';
import { runSession, type Session } from './session.js';

/** Sends files and a message that shows them. */
export async function uploadFiles(
  options: ChatOptions,
  paths: readonly string[],
  text: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async (session) => {
    const { roomId, name, kind } = await enterPlace(session, options);
    const attachmentIds: Uuid[] = [];
    for (const path of paths) attachmentIds.push(await uploadFile(session, roomId, path));
    const messageId = await session.engine.sendMessage(roomId, text, { attachmentIds });
    const sent = { event: 'sent', messageId, roomId, [kind]: name, attachmentIds };
    output.result(sent, `sent to ${name}`);
  });
}

/** What is fetched, and to where. */
export interface FileToFetch {
  readonly uploadId: Uuid;
  readonly path: string;
  readonly variant: 'original' | 'thumbnail';
}

/** Fetches a file that a message of the place shows, or the small picture of it. */
export async function downloadFile(
  options: ChatOptions,
  { uploadId, path, variant }: FileToFetch,
  output: Output,
): Promise<void> {
  await runSession(options, output, async (session) => {
    await enterPlace(session, options);
    const told = progressTo(output, 'fetching', path);
    const { files } = session.engine;
    if (variant === 'thumbnail') {
      const transfer = files.downloadThumbnail(uploadId, path, told);
      const { name, thumbnail } = await unlessStopped(session, transfer);
      const event = { event: 'downloaded', uploadId, path, name, mediaType: 'image/webp' };
      const words = `small picture of ${name} written to ${path}`;
      output.result({ ...event, ...thumbnail }, words);
      return;
    }
    const info = await unlessStopped(session, files.download(uploadId, path, told));
    const { name, mediaType, sizeBytes } = info;
    output.result(
      { event: 'downloaded', uploadId, path, name, mediaType, sizeBytes },
      `${name}, ${sizeBytes} bytes, written to ${path}`,
    );
  });
}

async function uploadFile(session: Session, roomId: Uuid, path: string): Promise<Uuid> {
  const { engine, output } = session;
  const told = progressTo(output, 'sending', path);
  const info = await unlessStopped(session, engine.files.upload(roomId, { path }, told));
  const { uploadId, name, mediaType, sizeBytes } = info;
  output.result(
    { event: 'uploaded', uploadId, name, mediaType, sizeBytes },
    `${name}, ${sizeBytes} bytes, uploaded as ${uploadId}`,
  );
  return uploadId;
}

/** Closes the engine when the user wants to end, which ends the transfer. */
async function unlessStopped<T>({ engine, stop }: Session, transfer: Promise<T>): Promise<T> {
  const end = (): void => void engine.close();
  stop.addEventListener('abort', end);
  try {
    return await transfer;
  } finally {
    stop.removeEventListener('abort', end);
  }
}

/** Tells every tenth of a file. */
function progressTo(output: Output, what: string, path: string): ProgressListener {
  let toldTenths = 0;
  return (doneBytes, sizeBytes) => {
    const tenths = Math.floor((10 * doneBytes) / sizeBytes);
    if (tenths <= toldTenths) return;
    toldTenths = tenths;
    output.progress(
      { event: 'progress', path, doneBytes, sizeBytes },
      `${what} ${path}: ${tenths * 10} %`,
    );
  };
}
