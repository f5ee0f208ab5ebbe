import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Happened, Happening, LiveFigures } from '@rookery/schemas/adminApi';
import { historySeconds, sampleOf, type LiveSample } from '../model/liveHistory.js';
import { useOperator } from './operator.js';

/** Of what happened, as many as somebody reads. */
const happeningsMax = 200;
/** Milliseconds until a stream that ended is asked for again. */
const againMs = 1_000;

/** What the server tells once a second, for as long as somebody is logged in. */
export const useLive = defineStore('live', () => {
  const operator = useOperator();
  const figures = shallowRef<LiveFigures | null>(null);
  const samples = shallowRef<readonly LiveSample[]>([]);
  /** The newest first. */
  const happenings = shallowRef<readonly Happening[]>([]);
  const talkers = shallowRef<ReadonlySet<number>>(new Set());
  /** Counts up when rooms, or who is in them, may have changed. */
  const changes = shallowRef(0);
  const isConnected = shallowRef(false);
  let ending: AbortController | null = null;

  function take(name: string, data: unknown): void {
    if (name === 'figures') takeFigures(data as LiveFigures);
    if (name === 'happened') takeHappened(data as Happened);
  }

  function takeFigures(now: LiveFigures): void {
    const sample = sampleOf(figures.value, now);
    samples.value = [...samples.value, sample].slice(-historySeconds);
    figures.value = now;
  }

  function takeHappened(happened: Happened): void {
    talkers.value = new Set(happened.talkers);
    if (happened.happenings.length === 0 && happened.leftOut === 0) return;
    const newest = happened.happenings.toReversed();
    happenings.value = [...newest, ...happenings.value].slice(0, happeningsMax);
    changes.value += 1;
  }

  function isWanted(signal: AbortSignal): boolean {
    return !signal.aborted && operator.me !== null;
  }

  async function start(): Promise<void> {
    stop();
    const own = new AbortController();
    ending = own;
    while (isWanted(own.signal)) {
      try {
        await operator.api.follow('/events', own.signal, (name, data) => {
          isConnected.value = true;
          take(name, data);
        });
      } catch {
        // Whatever it was is tried again, until somebody logs out.
      }
      isConnected.value = false;
      if (isWanted(own.signal)) await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }

  function stop(): void {
    ending?.abort();
    ending = null;
  }

  return { figures, samples, happenings, talkers, changes, isConnected, start, stop };
});
