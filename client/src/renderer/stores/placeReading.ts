import { computed, onScopeDispose, ref, watch, type Ref } from 'vue';
import type { Uuid } from '@rookery/schemas/messages';
import { useClientStore } from './clientStore.js';

/**
 * What of a place was read: what stands at the end of it is, while this window has the keyboard.
 *
 * @param isEndShown whether the newest message is on the screen
 */
export function usePlaceReading(placeId: Uuid, isEndShown: Readonly<Ref<boolean>>) {
  const client = useClientStore();
  const hasKeyboard = ref(document.hasFocus());
  const counts = computed(() => client.state.unread.get(placeId) ?? null);
  /** What stands behind this message was new when one came; null where nothing was. */
  const seenId = ref<Uuid | null>(null);
  const isSeen = computed(() => hasKeyboard.value && isEndShown.value);
  const unread = computed(() => counts.value?.unread ?? 0);

  if (unread.value > 0) seenId.value = counts.value?.readId ?? null;
  watch(
    isSeen,
    (sees) => {
      if (sees) void see();
      else void client.commands.reading.look(null).catch(() => undefined);
    },
    { immediate: true },
  );

  /** A place in which one never read is not counted: from now on it is. */
  async function see(): Promise<void> {
    const { reading } = client.commands;
    try {
      if ((counts.value?.readId ?? null) === null) await reading.markAllRead(placeId);
      if (isSeen.value) await reading.look(placeId);
    } catch {
      // Without a connection nothing is told; it is at the next look.
    }
  }

  const follow = (): void => {
    const has = document.hasFocus();
    // What comes while one is away is new when one comes back.
    if (hasKeyboard.value && !has && isEndShown.value)
      seenId.value = counts.value?.latestId ?? null;
    hasKeyboard.value = has;
  };
  for (const name of ['focus', 'blur'] as const) window.addEventListener(name, follow);
  onScopeDispose(() => {
    for (const name of ['focus', 'blur'] as const) window.removeEventListener(name, follow);
    if (isSeen.value) void client.commands.reading.look(null).catch(() => undefined);
  });

  /** Takes the mark of what is new away, and all of the place for read. */
  async function markAllRead(): Promise<void> {
    seenId.value = null;
    await client.commands.reading.markAllRead(placeId);
  }

  /** What is written from here on was new to nobody who writes. */
  function forgetNew(): void {
    seenId.value = null;
  }

  return { seenId, unread, markAllRead, forgetNew };
}
