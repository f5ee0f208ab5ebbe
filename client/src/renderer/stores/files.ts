import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { RemoteCommands } from '@rookery/client/bridge/remoteCommands';
import { WorkSlots } from '@rookery/client/engine/workSlots';
import type { FileFacts, Uuid } from '@rookery/schemas/messages';
import { safeMediaType } from '../model/pictures.js';
import { useClientStore } from './clientStore.js';
import { faultOf } from './faultWords.js';
import { useNotices } from './notices.js';

/** What is known of a file: `gone` where the server has it no longer, or not for us. */
export type KnownFile = FileFacts | 'gone';

/** A file on its way into this window. */
export interface Saving {
  readonly doneBytes: number;
  readonly sizeBytes: number;
}

export type FileVariantName = 'original' | 'thumbnail';

/** Files of which facts are kept, the last ones asked for. */
const factsMax = 2_000;
/** Pictures that are fetched at a time; others wait, and saving does not wait for them. */
const picturesMax = 3;
/** After that time a browser has taken what it saves. */
const takenMs = 60_000;

/** Files of messages, as this window reads them. */
export const useFiles = defineStore('files', () => {
  const client = useClientStore();
  const { attempt } = useNotices();
  const known = shallowReactive(new Map<Uuid, KnownFile>());
  const asked = new Set<Uuid>();
  const saving = shallowReactive(new Map<Uuid, Saving>());
  const aborts = new Map<Uuid, AbortController>();
  const pictures = new WorkSlots(picturesMax);

  /** Sees to it that the facts of a file are in `known` some time; again where that failed. */
  async function ask(uploadId: Uuid): Promise<void> {
    if (known.has(uploadId) || asked.has(uploadId)) return;
    asked.add(uploadId);
    try {
      tell(uploadId, await client.commands.files.info(uploadId));
    } catch (error) {
      // Other faults pass: whoever wants to know asks again.
      if (faultOf(error).code === 'commandRefused') tell(uploadId, 'gone');
    } finally {
      asked.delete(uploadId);
    }
  }

  /** What was learned of a file by another way. */
  function tell(uploadId: Uuid, file: KnownFile): void {
    known.set(uploadId, file);
    const [oldest] = known.keys();
    if (known.size > factsMax && oldest !== undefined) known.delete(oldest);
  }

  /** As readFile(), a few at a time. */
  function readPicture(
    uploadId: Uuid,
    variant: FileVariantName,
    signal: AbortSignal,
  ): Promise<Blob> {
    const { windowFiles } = client.commands;
    return pictures.use(signal, () => readFile(windowFiles, { uploadId, variant, signal }));
  }

  /** Saves a file where the user's browser saves files; the rest is told in a notice. */
  async function save({ uploadId, name, sizeBytes }: FileFacts): Promise<void> {
    if (saving.has(uploadId)) return;
    const abort = new AbortController();
    aborts.set(uploadId, abort);
    saving.set(uploadId, { doneBytes: 0, sizeBytes });
    await attempt(async () => {
      try {
        const onProgress = (done: Saving): void => void saving.set(uploadId, done);
        const wish = { uploadId, variant: 'original', signal: abort.signal, onProgress } as const;
        const blob = await readFile(client.commands.windowFiles, wish);
        hand(new Blob([blob], { type: 'application/octet-stream' }), name);
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      }
    });
    saving.delete(uploadId);
    aborts.delete(uploadId);
  }

  function cancelSaving(uploadId: Uuid): void {
    aborts.get(uploadId)?.abort(new Error('not wanted any more'));
  }

  return { known, saving, ask, tell, readPicture, save, cancelSaving };
});

interface ReadWish {
  readonly uploadId: Uuid;
  readonly variant: FileVariantName;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: Saving) => void;
}

/**
 * Reads a whole file.
 *
 * @returns bytes that this page takes for a picture or for nothing
 * @throws RemoteFault as the engine says; the reason of the signal
 */
async function readFile(
  windowFiles: RemoteCommands['windowFiles'],
  { uploadId, variant, signal, onProgress }: ReadWish,
): Promise<Blob> {
  const { transferId, facts, sizeBytes } = await windowFiles.openDownload(uploadId, variant);
  const cancel = (): void => void windowFiles.cancelTransfer(transferId);
  signal.addEventListener('abort', cancel);
  try {
    const pieces: BlobPart[] = [];
    for (let doneBytes = 0; ;) {
      signal.throwIfAborted();
      const piece = await windowFiles.readDownload(transferId);
      if (piece === null) break;
      // A blob of its own may lie on the disk: a large file is not held in memory.
      pieces.push(new Blob([piece as Uint8Array<ArrayBuffer>]));
      doneBytes += piece.length;
      onProgress?.({ doneBytes, sizeBytes });
    }
    const mediaType = variant === 'thumbnail' ? 'image/webp' : facts.mediaType;
    return new Blob(pieces, { type: safeMediaType(mediaType) });
  } finally {
    signal.removeEventListener('abort', cancel);
    void windowFiles.closeDownload(transferId);
  }
}

/** Gives bytes to the browser as a download. */
function hand(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), takenMs);
}
