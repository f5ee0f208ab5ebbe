import { computed, shallowRef, watch } from 'vue';
import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import { useClientStore } from './clientStore.js';

export type PlacePins = ReturnType<typeof usePlacePins>;

/** What is pinned in a place, the newest pin first; read again whenever that changes. */
export function usePlacePins(placeId: () => Uuid | null) {
  const client = useClientStore();
  const messages = shallowRef<readonly TextMessage[]>([]);
  const ids = computed<ReadonlySet<Uuid>>(
    () => new Set(messages.value.map(({ messageId }) => messageId)),
  );
  /** null where the place is not read yet, so that nothing is asked for in vain. */
  const revision = computed(() => {
    const id = placeId();
    const textWindow = id === null ? undefined : client.state.texts.get(id);
    return textWindow === undefined ? null : `${id} ${textWindow.pinChanges}`;
  });

  watch(
    revision,
    async (asked) => {
      const id = placeId();
      if (asked === null || id === null) return;
      const pinned = await client.commands.text.pins(id).catch(() => null);
      if (pinned !== null && revision.value === asked) messages.value = pinned.toReversed();
    },
    { immediate: true },
  );

  return { messages, ids };
}
