import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { SpeakerStatistics } from '@rookery/client/engine/audioState';
import { recentMs, RecentSpeech } from '../model/recentSpeech.js';
import { useClientStore } from './clientStore.js';

/** Who was heard lately, with counts of that time alone; for one component. */
export function useRecentSpeech(): Readonly<Ref<readonly SpeakerStatistics[]>> {
  const client = useClientStore();
  const recent = new RecentSpeech();
  const speech = shallowRef<readonly SpeakerStatistics[]>([]);
  let silence: ReturnType<typeof setTimeout> | undefined;

  function follow(): void {
    speech.value = recent.follow(performance.now(), client.state.audio.speakers);
  }

  watch(
    () => [...client.state.audio.speakers.values()],
    () => {
      follow();
      clearTimeout(silence);
      silence = setTimeout(follow, recentMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(silence));
  return speech;
}
