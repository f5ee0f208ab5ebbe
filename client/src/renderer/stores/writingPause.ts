import { computed, onScopeDispose, ref, watch } from 'vue';
import type { Place } from '../model/place.js';
import { useClientStore } from './clientStore.js';

/**
 * @returns seconds until one may write in a place again: its slow mode, or the server's wish to be
 *   slower; 0 where one may now
 */
export function useWritingPause(place: () => Place) {
  const client = useClientStore();
  const nowMs = ref(Date.now());
  let timer: ReturnType<typeof setTimeout> | null = null;

  const untilMs = computed(() => {
    const { throttled } = client.state;
    const asked = throttled?.messageClass === 'write' ? throttled.untilMs : 0;
    return Math.max(asked, slowUntilMs());
  });

  function slowUntilMs(): number {
    const { placeId } = place();
    const slowSeconds = client.state.rooms.get(placeId)?.slowModeSeconds ?? 0;
    const isHere = placeId === client.ownRoom?.roomId;
    const isExempt = isHere && client.state.permissions.here.includes('moderateText');
    if (slowSeconds === 0 || isExempt) return 0;
    const messages = client.state.texts.get(placeId)?.messages ?? [];
    const last = messages.findLast(({ userId }) => userId === client.ownUserId);
    return last === undefined ? 0 : last.sentAtMs + slowSeconds * 1_000;
  }

  watch(untilMs, tick, { immediate: true });
  onScopeDispose(() => {
    if (timer !== null) clearTimeout(timer);
  });

  /** Counts down, and stops when it is over. */
  function tick(): void {
    if (timer !== null) clearTimeout(timer);
    nowMs.value = Date.now();
    timer = nowMs.value < untilMs.value ? setTimeout(tick, 500) : null;
  }

  return computed(() => Math.max(0, Math.ceil((untilMs.value - nowMs.value) / 1_000)));
}
