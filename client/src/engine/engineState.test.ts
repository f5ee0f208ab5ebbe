import { FrameType } from '@rookery/schemas/frameType';
import type { RoomMessage } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { describe, expect, it } from 'vitest';
import { initialState, ownSession, StateStore, withMessage } from './engineState.js';

const message = (sentAtMs: number): RoomMessage => ({
  type: FrameType.RoomMessage,
  messageId: rootRoomId,
  roomId: rootRoomId,
  userId: rootRoomId,
  displayName: 'Anna',
  text: 'hello',
  sentAtMs,
  clientMessageId: rootRoomId,
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

describe('ownSession', () => {
  it('is null without a connection', () => {
    expect(ownSession(initialState)).toBeNull();
  });
});
