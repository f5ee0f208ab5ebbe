import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import { i18n } from '../i18n/index.js';
import { useClientStore } from './clientStore.js';
import { faultOf, wordsOfFault } from './faultWords.js';

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
  /** null while it is on its way. */
  readonly uploadId: Uuid | null;
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
  /** What was written before an older message was taken up to be changed. */
  let putAside = '';

  function begin(next: Purpose): void {
    const wasEdit = purpose.value.kind === 'edit';
    if (next.kind === 'edit') {
      if (!wasEdit) putAside = text.value;
      text.value = next.message.text;
    } else if (wasEdit) {
      text.value = putAside;
      putAside = '';
    }
    purpose.value = next;
  }

  /** Tells what went wrong, if anything does. @returns whether it went well */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      problem.value = '';
      return true;
    } catch (error) {
      problem.value = wordsOfFault(faultOf(error), i18n.global.t);
      return false;
    }
  }

  /** Sends a text of its own; what is written, and waits, stays. */
  async function send(written: string, { files: sentFiles = [] }: SentAlong = {}): Promise<void> {
    const replyTo = purpose.value.kind === 'reply' ? purpose.value.message : null;
    const attachmentIds = sentFiles.flatMap(({ uploadId }) => uploadId ?? []);
    const more = { attachmentIds, ...(replyTo !== null && { replyToId: replyTo.messageId }) };
    if (replyTo !== null) begin(newMessage);
    await attempt(() => client.commands.engine.sendMessage(placeId, written, more));
  }

  /** Does what is to become of the text; nothing where there is none, or files are on their way. */
  async function submit(): Promise<void> {
    const written = text.value.trim();
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
    if (!areReady || (written === '' && sentFiles.length === 0)) return;
    text.value = '';
    files.value = [];
    await send(written, { files: sentFiles });
  }

  return {
    placeId,
    text,
    purpose,
    problem,
    files,
    send,
    submit,
    attempt,
    reply: (message: TextMessage) => begin({ kind: 'reply', message }),
    edit: (message: TextMessage) => begin({ kind: 'edit', message }),
    giveUp: () => begin(newMessage),
  };
}
