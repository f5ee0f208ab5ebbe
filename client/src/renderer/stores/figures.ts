import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { FigureHistory } from '../model/figureHistory.js';
import {
  figuresBetween,
  readingOf,
  speakersBetween,
  type Figures,
  type Reading,
  type SpeakerFigures,
} from '../model/figures.js';
import { useClientStore } from './clientStore.js';

/** Rates are of so many samples: two seconds, in which a hundred frames come. */
const rateSamples = 8;

/** The engine's figures while somebody looks at them, and what they were. */
export const useFigures = defineStore('figures', () => {
  const client = useClientStore();
  const holders = ref(0);
  const figures = shallowRef<Figures | null>(null);
  const speakers = shallowRef<readonly SpeakerFigures[]>([]);
  const history = new FigureHistory();
  /** Counts the samples: `history` is not watched value by value. */
  const samples = ref(0);
  let readings: Reading[] = [];

  const isWanted = computed(() => holders.value > 0 && client.isReady && !client.isEngineGone);
  watch(isWanted, (isOn) => {
    // Where the engine is gone there is nobody to be told.
    client.commands.developer.watchDiagnostics(isOn).catch(() => undefined);
    if (holders.value === 0) forget();
  });
  watch(
    () => (client.isReady ? client.state.diagnostics?.atMs : undefined),
    () => {
      if (holders.value > 0) take();
    },
  );

  function take(): void {
    const now = readingOf(client.state);
    if (now === null) return;
    const last = readings.at(-1);
    // Another engine counts from another time.
    if (last !== undefined && now.diagnostics.atMs < last.diagnostics.atMs) forget();
    const before = readings[0] ?? now;
    readings = [...readings, now].slice(-rateSamples);
    figures.value = figuresBetween(before, now);
    speakers.value = [...speakersBetween(before, now).values()];
    history.push(now.diagnostics.atMs, figures.value);
    samples.value += 1;
  }

  function forget(): void {
    readings = [];
    figures.value = null;
    speakers.value = [];
    history.clear();
    samples.value = 0;
  }

  /** Has the engine tell its figures until whoever asks is gone. */
  function follow(): void {
    holders.value += 1;
    onScopeDispose(() => {
      holders.value -= 1;
    });
  }

  return { figures, speakers, history, samples, follow };
});
