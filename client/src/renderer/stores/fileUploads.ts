import { defineStore } from 'pinia';
import type { RemoteCommands } from '@rookery/client/bridge/remoteCommands';
import type { FileFacts, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { i18n } from '../i18n/index.js';
import type { ChatDraft, DraftFile } from './chatDraft.js';
import { useClientStore } from './clientStore.js';
import { faultOf, wordsOfFault } from './faultWords.js';
import { useFiles } from './files.js';
import { useNotices } from './notices.js';

/** Sends files that one adds to what one writes, at once: the text waits for them, if need be. */
export const useFileUploads = defineStore('fileUploads', () => {
  const client = useClientStore();
  const files = useFiles();
  const notices = useNotices();
  /** What the user chose, by the id in the draft, for as long as it may be read again. */
  const chosen = new Map<string, File>();

  /** Adds files to a draft; those that cannot be sent are refused with words. */
  function add(draft: ChatDraft, added: readonly File[]): void {
    if (!mayUpload(draft)) {
      notices.tell('fault', i18n.global.t('files.notAllowed'));
      return;
    }
    for (const file of added) {
      const refused = refusalOf(draft, file);
      if (refused === null) addOne(draft, file);
      else notices.tell('fault', refused);
    }
  }

  /** Takes a file back, also while it is sent. */
  function remove(draft: ChatDraft, fileId: string): void {
    const file = draft.files.value.find((one) => one.fileId === fileId);
    chosen.delete(fileId);
    draft.files.value = draft.files.value.filter((one) => one.fileId !== fileId);
    const { transferId = null, uploadId = null } = file ?? {};
    if (transferId !== null && uploadId === null) {
      void client.commands.windowFiles.cancelTransfer(transferId);
    }
    draft.filesChanged();
  }

  /** Sends a file again that failed. */
  function retry(draft: ChatDraft, fileId: string): void {
    const file = chosen.get(fileId);
    if (file !== undefined) void send(draft, fileId, file);
  }

  /** Of a room where one is not, only the server knows. */
  function mayUpload({ placeId }: ChatDraft): boolean {
    const isOwnRoom = client.ownRoom?.roomId === placeId;
    return !isOwnRoom || client.state.permissions.here.includes('upload');
  }

  function addOne(draft: ChatDraft, file: File): void {
    const fileId = crypto.randomUUID();
    chosen.set(fileId, file);
    const { name, size: sizeBytes } = file;
    const entry = { fileId, name, sizeBytes, uploadId: null, transferId: null, problem: '' };
    draft.files.value = [...draft.files.value, entry];
    void send(draft, fileId, file);
  }

  async function send(draft: ChatDraft, fileId: string, file: File): Promise<void> {
    const change = (next: Partial<DraftFile>): void => {
      draft.files.value = draft.files.value.map((one) =>
        one.fileId === fileId ? { ...one, ...next } : one,
      );
      draft.filesChanged();
    };
    change({ problem: '', transferId: null });
    try {
      const { windowFiles } = client.commands;
      const onBegin = (transferId: number): void => change({ transferId });
      const facts = await upload(windowFiles, { placeId: draft.placeId, file, onBegin });
      files.tell(facts.uploadId, facts);
      chosen.delete(fileId);
      change({ uploadId: facts.uploadId });
    } catch (error) {
      change({ problem: wordsOfFault(faultOf(error), i18n.global.t), transferId: null });
    }
  }

  return { add, remove, retry };
});

/** Why a file cannot go with a draft, as far as that is known here. */
function refusalOf(draft: ChatDraft, { name, size }: File): string | null {
  const { t } = i18n.global;
  if (size === 0) return t('files.empty', { name });
  const { attachmentsMax } = fieldLimits;
  const isFull = draft.files.value.length >= attachmentsMax;
  return isFull ? t('files.tooMany', { name, n: attachmentsMax }) : null;
}

interface UploadJob {
  readonly placeId: Uuid;
  readonly file: File;
  readonly onBegin: (transferId: number) => void;
}

/** @throws RemoteFault as the engine says; Error where the file cannot be read any more */
async function upload(
  windowFiles: RemoteCommands['windowFiles'],
  { placeId, file, onBegin }: UploadJob,
): Promise<FileFacts> {
  const { name, size: sizeBytes } = file;
  const transferId = await windowFiles.beginUpload({ placeId, name, sizeBytes });
  onBegin(transferId);
  let next = await windowFiles.nextPiece(transferId, null);
  while (!('uploadId' in next)) {
    const { offset, length } = next;
    const piece = await file
      .slice(offset, offset + length)
      .arrayBuffer()
      .catch(() => null);
    if (piece === null) {
      void windowFiles.cancelTransfer(transferId);
      throw new Error(i18n.global.t('files.unreadable', { name }));
    }
    next = await windowFiles.nextPiece(transferId, new Uint8Array(piece));
  }
  return next;
}
