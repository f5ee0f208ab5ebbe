import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import {
  decodeClientSignal,
  encodeServerSignal,
  type ClientSignal,
  type ServerSignal,
} from '@rookery/schemas/signalDatagram';
import { textMessage } from '@rookery/schemas/testing/textToSend';
import { newUuid } from '@rookery/schemas/uuid';
import { StateStore } from './engineState.js';
import { SignalKeeper } from './signalKeeper.js';

const [own, ada, bob, place] = [newUuid(), newUuid(), newUuid(), newUuid()];

let store: StateStore;
let keeper: SignalKeeper;
let said: (ClientSignal | null)[];
let hear: (signal: ServerSignal) => void;

function open(): void {
  keeper.open(
    {
      send: (datagram) => said.push(decodeClientSignal(datagram)) > 0,
      listen: (listener) => {
        hear = (signal) => encodeServerSignal(signal).forEach(listener);
        return () => (hear = () => undefined);
      },
    },
    own,
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  store = new StateStore();
  keeper = new SignalKeeper(store);
  open();
});

afterEach(() => {
  keeper.close();
  vi.useRealTimers();
});

const typing = (kind: 'typing' | 'stopTyping', ...userIds: string[]): ServerSignal => ({
  kind,
  placeId: place,
  userIds,
});
const typists = (): readonly string[] => store.state.typing.get(place) ?? [];

describe('those who type', () => {
  it('are shown, oneself left out, until they stop', () => {
    hear(typing('typing', ada, bob, own));
    vi.advanceTimersByTime(100);
    expect(typists()).toEqual([ada, bob]);
    hear(typing('stopTyping', ada));
    vi.advanceTimersByTime(100);
    expect(typists()).toEqual([bob]);
  });

  it('are not shown any more when nothing was heard for six seconds', () => {
    hear(typing('typing', ada, bob));
    vi.advanceTimersByTime(4_000);
    hear(typing('typing', bob));
    vi.advanceTimersByTime(3_000);
    expect(typists()).toEqual([bob]);
    vi.advanceTimersByTime(4_000);
    expect(store.state.typing.size).toBe(0);
  });

  it('are not shown any more when what they wrote is there', () => {
    hear(typing('typing', ada, bob));
    vi.advanceTimersByTime(100);
    const written = textMessage({ roomId: place, userId: ada });
    store.update({ messages: [{ type: FrameType.RoomMessage, ...written }] });
    vi.advanceTimersByTime(1);
    expect(typists()).toEqual([bob]);
  });

  it('say so once every three seconds, however fast they type', () => {
    for (let key = 0; key < 40; key++) {
      keeper.typing(place);
      vi.advanceTimersByTime(100);
    }
    expect(said).toEqual([
      { kind: 'typing', placeId: place },
      { kind: 'typing', placeId: place },
    ]);
    keeper.stopTyping(place);
    keeper.stopTyping(place);
    expect(said.slice(2)).toEqual([{ kind: 'stopTyping', placeId: place }]);
  });
});

describe('presence', () => {
  it('of others is shown until they are online again', () => {
    hear({
      kind: 'presence',
      statuses: [
        [1, 'idle'],
        [2, 'away'],
      ],
    });
    vi.advanceTimersByTime(100);
    expect([...store.state.presence]).toEqual([
      [1, 'idle'],
      [2, 'away'],
    ]);
    hear({ kind: 'presence', statuses: [[1, 'online']] });
    vi.advanceTimersByTime(100);
    expect([...store.state.presence]).toEqual([[2, 'away']]);
  });

  it('of oneself is said again while not online, and twice afterwards', () => {
    keeper.setPresence('away');
    vi.advanceTimersByTime(95_000);
    expect(said).toHaveLength(4);
    keeper.setPresence('online');
    vi.advanceTimersByTime(300_000);
    expect(said.slice(4)).toEqual(new Array(3).fill({ kind: 'presence', status: 'online' }));
  });

  it('of oneself holds in the next session, and what was shown of others does not', () => {
    hear({ kind: 'presence', statuses: [[1, 'idle']] });
    vi.advanceTimersByTime(100);
    keeper.setPresence('idle');
    said = [];
    open();
    expect(said).toEqual([{ kind: 'presence', status: 'idle' }]);
    expect(store.state.presence.size).toBe(0);
  });
});

describe('reports of losses', () => {
  it('go out as they are, and what is told of the own voice holds in this session', () => {
    keeper.reportLosses([[7, 12]]);
    expect(said).toEqual([{ kind: 'receiverReport', losses: [[7, 12]] }]);
    expect(keeper.ownLoss).toBeNull();
    hear({ kind: 'receiverReport', lossPct: 20 });
    expect(keeper.ownLoss).toEqual({ lossPct: 20, atMs: performance.now() });
    keeper.close();
    expect(keeper.ownLoss).toBeNull();
  });
});
