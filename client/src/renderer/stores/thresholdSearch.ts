import { onScopeDispose, ref } from 'vue';
import { suggestThreshold } from '../model/voiceThreshold.js';
import { useClientStore } from './clientStore.js';
import { useSettingChanges } from './settingChanges.js';

/** As often as the engine tells of its levels, in milliseconds. */
const sampleEveryMs = 50;
/** Samples: two seconds of silence, and four of speech. */
const quietSamples = 40;
const speechSamples = 80;

/** Measures what the microphone hears in silence and while one speaks, and sets the threshold. */
export function useThresholdSearch() {
  const client = useClientStore();
  const changes = useSettingChanges();
  const phase = ref<'idle' | 'beQuiet' | 'nowSpeak' | 'found' | 'notFound'>('idle');
  let timer: ReturnType<typeof setInterval> | undefined;
  onScopeDispose(() => clearInterval(timer));

  function measure(): void {
    clearInterval(timer);
    const quiet: number[] = [];
    const speech: number[] = [];
    phase.value = 'beQuiet';
    timer = setInterval(() => {
      const { voiceProbability } = client.state.audio.levels;
      if (quiet.length < quietSamples) {
        quiet.push(voiceProbability);
        return;
      }
      phase.value = 'nowSpeak';
      speech.push(voiceProbability);
      if (speech.length < speechSamples) return;
      clearInterval(timer);
      finish(quiet, speech);
    }, sampleEveryMs);
  }

  function finish(quiet: readonly number[], speech: readonly number[]): void {
    const found = suggestThreshold(quiet, speech);
    phase.value = found === null ? 'notFound' : 'found';
    if (found !== null) void changes.setSound('sound.startsAbove', found);
  }

  return { phase, measure };
}
