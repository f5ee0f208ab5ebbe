import { ref, shallowRef } from 'vue';
import type { EngineFault } from '@rookery/client/engine/engineState';
import { i18n } from '../i18n/index.js';
import { faultOf, wordsOfFault } from './faultWords.js';

/** One page of something that the server tells when it is asked. */
export interface ReadPage<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/**
 * A list that is read when it is looked at, page by page.
 *
 * @param readAfter the page after an item; null: the first one
 */
export function useReadList<Item>(readAfter: (last: Item | null) => Promise<ReadPage<Item>>) {
  const items = shallowRef<readonly Item[]>([]);
  const isReading = ref(false);
  const hasMore = ref(false);
  const fault = ref('');

  async function load(before: readonly Item[]): Promise<void> {
    isReading.value = true;
    fault.value = '';
    try {
      const page = await readAfter(before.at(-1) ?? null);
      items.value = [...before, ...page.items];
      hasMore.value = page.hasMore && page.items.length > 0;
    } catch (error) {
      const told: EngineFault = faultOf(error);
      fault.value = wordsOfFault(told, i18n.global.t);
    } finally {
      isReading.value = false;
    }
  }

  const again = (): Promise<void> => load([]);
  const more = (): Promise<void> => load(items.value);
  void again();
  return { items, isReading, hasMore, fault, again, more };
}
