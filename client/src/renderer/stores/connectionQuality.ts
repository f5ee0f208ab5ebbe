import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef } from 'vue';
import { speakersOf } from '../model/figures.js';
import { RecentSound, type RecentFigures } from '../model/recentSound.js';
import { voiceQuality, type QualityFigures } from '../model/voiceQuality.js';
import { useClientStore } from './clientStore.js';

const everyMs = 1_000;

/** How good the connection is for voices, by what was shown of it lately. */
export const useConnectionQuality = defineStore('connectionQuality', () => {
  const client = useClientStore();
  const sound = new RecentSound();
  const recent = shallowRef<RecentFigures>({ receivedLossPct: null, jitterMs: null });

  const timer = setInterval(() => {
    if (client.isReady) recent.value = sound.push(speakersOf(client.state));
  }, everyMs);
  onScopeDispose(() => clearInterval(timer));

  const figures = computed<QualityFigures>(() => {
    const { voice, audio } = client.state;
    const roundTripMs = voice.phase === 'open' ? voice.roundTripMs : null;
    return { roundTripMs, sentLossPct: audio.ownLossPct, ...recent.value };
  });
  const quality = computed(() => voiceQuality(client.state.voice, figures.value));

  return { figures, quality };
});
