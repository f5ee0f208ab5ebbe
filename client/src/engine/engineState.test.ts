import { FrameType } from '@rookery/schemas/frameType';
import type { RoomMessage } from '@rookery/schemas/messages';
import { textMessage } from '@rookery/schemas/testing/textToSend';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialState, ownSession, StateStore, withMessage, type State } from './engineState.js';

const message = (sentAtMs: number): RoomMessage => ({
  type: FrameType.RoomMessage,
  ...textMessage({ sentAtMs }),
});

describe('withMessage', () => {
  it('keeps the newest 256, oldest first, and changes nothing in place', () => {
    let messages: readonly RoomMessage[] = [];
    for (let i = 0; i < 300; i++) {
      const before = [...messages];
      const next = withMessage(messages, message(i));
      expect(messages).toEqual(before);
      messages = next;
    }
    expect(messages.map(({ sentAtMs }) => sentAtMs)).toEqual(
      Array.from({ length: 256 }, (_, i) => i + 44),
    );
  });
});

describe('StateStore', () => {
  it('replaces the State and tells everybody until they unsubscribe', () => {
    const store = new StateStore();
    const seen: string[] = [];
    const unsubscribe = store.subscribe(({ voice }) => seen.push(`first ${voice.phase}`));
    store.subscribe(({ voice }) => seen.push(`second ${voice.phase}`));
    store.update({ voice: { phase: 'opening' } });
    unsubscribe();
    store.update({ voice: { phase: 'closed' } });
    expect(seen).toEqual(['first opening', 'second opening', 'second closed']);
    expect(initialState.voice.phase).toBe('closed');
    expect(store.state).not.toBe(initialState);
  });

  it('lets a listener unsubscribe while it is called, and others not miss a change', () => {
    const store = new StateStore();
    const seen: string[] = [];
    const unsubscribe = store.subscribe(() => {
      seen.push('once');
      unsubscribe();
    });
    store.subscribe(() => seen.push('always'));
    store.update({});
    store.update({});
    expect(seen).toEqual(['once', 'always', 'always']);
  });
});

describe('a view that changes very often', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is told at once, then 30 times a second; those who watch are told each time', () => {
    const store = new StateStore();
    let [told, watched] = [0, 0];
    const states = new Set<State>();
    store.subscribe((state) => {
      told++;
      states.add(state);
    });
    const unwatch = store.watch(() => watched++);
    store.viewChanged();
    expect([told, watched]).toEqual([1, 1]);
    for (let ms = 0; ms < 1_000; ms++) {
      store.viewChanged();
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(1_000);
    expect(watched).toBe(1_001);
    expect(told).toBeGreaterThan(20);
    expect(told).toBeLessThanOrEqual(32);
    expect(states.size).toBe(told);
    unwatch();
    store.viewChanged();
    expect(watched).toBe(1_001);
  });

  it('is told with whatever else changes, and not again', () => {
    const store = new StateStore();
    let told = 0;
    store.subscribe(() => told++);
    store.viewChanged();
    store.viewChanged();
    store.update({});
    expect(told).toBe(2);
    vi.advanceTimersByTime(1_000);
    expect(told).toBe(2);
  });
});

describe('ownSession', () => {
  it('is null without a connection', () => {
    expect(ownSession(initialState)).toBeNull();
  });
});
