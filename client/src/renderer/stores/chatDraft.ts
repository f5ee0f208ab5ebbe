import { computed, ref, watch, type Ref } from 'vue';
import type { RoomInfo, TextMessage } from '@rookery/schemas/messages';
import { useClientStore } from './clientStore.js';
import { faultOf } from './faultWords.js';

/** What the text that one writes is to become. */
type Purpose =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly message: TextMessage }
  | { readonly kind: 'edit'; readonly message: TextMessage };

const newMessage: Purpose = { kind: 'new' };

/** What one writes in a room, and is about to do with it. Another room begins anew. */
export function useChatDraft(room: Readonly<Ref<RoomInfo | null>>) {
  const client = useClientStore();
  const text = ref('');
  const purpose = ref<Purpose>(newMessage);
  const problem = ref('');
  const roomId = computed(() => room.value?.roomId ?? null);
  watch(roomId, () => {
    problem.value = '';
    begin(newMessage);
  });

  function begin(next: Purpose): void {
    const isEditOver = purpose.value.kind === 'edit' && next.kind !== 'edit';
    purpose.value = next;
    if (next.kind === 'edit') text.value = next.message.text;
    else if (isEditOver) text.value = '';
  }

  /** Tells what went wrong, if anything does. */
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      problem.value = '';
    } catch (error) {
      problem.value = faultOf(error).message;
    }
  }

  async function send(): Promise<void> {
    const written = text.value.trim();
    const place = roomId.value;
    if (written === '' || place === null) return;
    const done = purpose.value;
    text.value = '';
    begin(newMessage);
    const { engine, text: texts } = client.commands;
    if (done.kind === 'edit') {
      await attempt(() => texts.edit(place, done.message.messageId, written));
    } else {
      const more = done.kind === 'reply' ? { replyToId: done.message.messageId } : {};
      await attempt(() => engine.sendMessage(place, written, more));
    }
  }

  return {
    text,
    purpose,
    problem,
    send,
    attempt,
    reply: (message: TextMessage) => begin({ kind: 'reply', message }),
    edit: (message: TextMessage) => begin({ kind: 'edit', message }),
    giveUp: () => begin(newMessage),
  };
}
