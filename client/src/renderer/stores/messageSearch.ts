import { ref, shallowRef } from 'vue';
import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import { useClientStore } from './clientStore.js';
import { faultOf } from './faultWords.js';

/** What is looked for. */
export interface SearchWish {
  readonly placeId: Uuid;
  readonly words: string;
  /** null for those of everybody. */
  readonly userId: Uuid | null;
  /** Shows only what holds a link, or files. */
  readonly holds: 'anything' | 'link' | 'files';
}

/** Results of one page on the screen. */
const pageSize = 25;
/** Pages of the server that are looked through for one of the screen. */
const serverPagesMax = 4;

/**
 * Finds messages of a place by their words, newest first. The server looks for words; who wrote
 * them and what else they hold is looked at here.
 */
export function useMessageSearch() {
  const client = useClientStore();
  const found = shallowRef<readonly TextMessage[]>([]);
  const isSearching = ref(false);
  const problem = ref('');
  /** What was looked for; null before the first time. */
  const asked = shallowRef<SearchWish | null>(null);
  /** Where to go on; null where all was looked at. */
  const goOnBefore = ref<Uuid | null>(null);
  let turn = 0;

  async function search(wish: SearchWish): Promise<void> {
    asked.value = wish;
    found.value = [];
    goOnBefore.value = null;
    await readOn(wish);
  }

  async function more(): Promise<void> {
    if (asked.value !== null) await readOn(asked.value);
  }

  async function readOn(wish: SearchWish): Promise<void> {
    turn += 1;
    const own = turn;
    isSearching.value = true;
    problem.value = '';
    try {
      let before = goOnBefore.value;
      const enough = found.value.length + pageSize;
      for (let pages = 0; pages < serverPagesMax && found.value.length < enough; pages += 1) {
        const { reading } = client.commands;
        const page = await reading.search(wish.placeId, wish.words, before, pageSize);
        // Somebody looks for something else by now.
        if (own !== turn) return;
        found.value = [...found.value, ...page.messages.filter((one) => isWished(one, wish))];
        before = page.goOnBefore;
        goOnBefore.value = before;
        if (before === null) return;
      }
    } catch (error) {
      if (own === turn) problem.value = faultOf(error).message;
    } finally {
      if (own === turn) isSearching.value = false;
    }
  }

  return { found, isSearching, problem, asked, goOnBefore, search, more };
}

function isWished(message: TextMessage, { userId, holds }: SearchWish): boolean {
  if (userId !== null && message.userId !== userId) return false;
  if (holds === 'link') return /https?:\/\//i.test(message.text);
  return holds === 'anything' || message.attachmentIds.length > 0;
}
