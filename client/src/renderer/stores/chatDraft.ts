import { defineStore } from 'pinia';
import { ref, shallowRef, type Ref } from 'vue';
import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import { i18n } from '../i18n/index.js';
import { useClientStore } from './clientStore.js';
import { faultOf, wordsOfFault } from './faultWords.js';
import { usePeopleNames } from './peopleNames.js';
import { WrittenNames, type Nameable } from '../model/composerText.js';

/** What the text that one writes is to become. */
type Purpose =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly message: TextMessage }
  | { readonly kind: 'edit'; readonly message: TextMessage };

/** A file that goes with the message; the message waits until all are with the server. */
export interface DraftFile {
  /** Names it in this window. */
  readonly fileId: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** null until the server has all of it. */
  readonly uploadId: Uuid | null;
  /** Names what is under way in the State; null while nothing is. */
  readonly transferId: number | null;
  /** Why it was not taken; '' where nothing is wrong. */
  readonly problem: string;
}

/** What goes with a text. */
export interface SentAlong {
  readonly files?: readonly DraftFile[];
}

export type ChatDraft = ReturnType<typeof makeDraft>;

const newMessage: Purpose = { kind: 'new' };

/** What one writes in each place, for as long as this window lives. */
export const useChatDrafts = defineStore('chatDrafts', () => {
  const drafts = new Map<Uuid, ChatDraft>();

  /** The one of a room or talk; the same at every call. */
  function draftOf(placeId: Uuid): ChatDraft {
    const draft = drafts.get(placeId) ?? makeDraft(placeId);
    drafts.set(placeId, draft);
    return draft;
  }

  return { draftOf };
});

/** What one writes in one place, and is about to do with it. */
function makeDraft(placeId: Uuid) {
  const client = useClientStore();
  const text = ref('');
  const purpose = shallowRef<Purpose>(newMessage);
  const problem = ref('');
  const files = shallowRef<readonly DraftFile[]>([]);
  /** It is to be sent as soon as its files are with the server. */
  const waitsForFiles = ref(false);
  const attempt = attemptsTold(problem);
  const [names, people] = [new WrittenNames(), usePeopleNames()];
  /** What was written before an older message was taken up to be changed. */
  let putAside = '';

  function begin(next: Purpose): void {
    const wasEdit = purpose.value.kind === 'edit';
    if (next.kind === 'edit') {
      if (!wasEdit) putAside = text.value;
      text.value = names.toWrite(next.message.text, (sign, id) =>
        sign === '@' ? people.nameOf(id) : (client.roomOf(id)?.name ?? null),
      );
    } else if (wasEdit) {
      text.value = putAside;
      putAside = '';
    }
    purpose.value = next;
  }

  /** Sends a text of its own; what is written, and waits, stays. */
  async function send(written: string, { files: sentFiles = [] }: SentAlong = {}): Promise<void> {
    const replyTo = purpose.value.kind === 'reply' ? purpose.value.message : null;
    const attachmentIds = sentFiles.flatMap(({ uploadId }) => uploadId ?? []);
    const more = { attachmentIds, ...(replyTo !== null && { replyToId: replyTo.messageId }) };
    if (replyTo !== null) begin(newMessage);
    await attempt(() => client.commands.engine.sendMessage(placeId, written, more));
  }

  /** Does what is to become of the text, once its files are with the server. */
  async function submit(): Promise<void> {
    const written = names.toSend(text.value.trim());
    const { value: done } = purpose;
    if (done.kind === 'edit') {
      if (written === '') return;
      begin(newMessage);
      if (written === done.message.text) return;
      await attempt(() => client.commands.text.edit(placeId, done.message.messageId, written));
      return;
    }
    const { value: sentFiles } = files;
    const areReady = sentFiles.every(({ uploadId }) => uploadId !== null);
    // One that was refused is sent again, or taken back, before anything goes.
    waitsForFiles.value = !areReady && sentFiles.every(({ problem: fault }) => fault === '');
    if (!areReady || (written === '' && sentFiles.length === 0)) return;
    text.value = '';
    files.value = [];
    await send(written, { files: sentFiles });
  }

  /** To be called when `files` are others, or one of them came further. */
  function filesChanged(): void {
    if (files.value.some(({ problem: fault }) => fault !== '')) waitsForFiles.value = false;
    const areReady = files.value.every(({ uploadId }) => uploadId !== null);
    if (waitsForFiles.value && areReady) void submit();
  }

  return {
    placeId,
    text,
    purpose,
    problem,
    files,
    waitsForFiles,
    filesChanged,
    send,
    submit,
    attempt,
    /** @returns what is to stand in the text for somebody or a room */
    addName: (sign: '@' | '#', named: Nameable) => names.add(sign, named),
    reply: (message: TextMessage) => begin({ kind: 'reply', message }),
    edit: (message: TextMessage) => begin({ kind: 'edit', message }),
    giveUp: () => begin(newMessage),
  };
}

/** @returns does something, tells in `problem` what went wrong, and gives whether it went well */
function attemptsTold(problem: Ref<string>): (work: () => Promise<unknown>) => Promise<boolean> {
  return async (work) => {
    try {
      await work();
      problem.value = '';
      return true;
    } catch (error) {
      problem.value = wordsOfFault(faultOf(error), i18n.global.t);
      return false;
    }
  };
}
