import { FrameType } from '@rookery/schemas/frameType';
import { ViewPart } from '@rookery/schemas/generated/rookery/view-part';
import type { Listen, Resync, RoomInfo, Subscribe } from '@rookery/schemas/messages';
import { defaultRoom, rootRoomId } from '@rookery/schemas/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientError } from './clientError.js';
import { ViewKeeper } from './viewKeeper.js';

const den = '00000000-0000-4000-8000-00000000000d';
const lobby: RoomInfo = { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom };
const treeAgain = { type: FrameType.Resync, part: ViewPart.Tree, roomId: null };

let asked: (Listen | Resync | Subscribe)[];
let refusals: number;
let keeper: ViewKeeper;
beforeEach(() => {
  asked = [];
  refusals = 0;
  keeper = new ViewKeeper((command) => {
    asked.push(command);
    const refusal = new ClientError('commandRefused', 'too fast');
    return refusals-- > 0 ? Promise.reject(refusal) : Promise.resolve();
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const init = (...rooms: RoomInfo[]): void => {
  keeper.apply({ type: FrameType.RoomInit, rooms, memberCounts: rooms.map(() => 0) }, null);
};
/** An increment whose hash is none that the view could have. */
const hear = (): void => {
  const update = { type: FrameType.StateUpdate, changes: [] } as const;
  keeper.apply(update, new Uint8Array(32).fill(1));
};

describe('a view that is not what the server says', () => {
  it('is asked for again, and counted over all sessions', () => {
    for (let session = 1; session <= 2; session++) {
      const view = keeper.start();
      keeper.open();
      init(lobby);
      hear();
      expect(view.rooms.size).toBe(1);
    }
    expect(asked).toEqual([treeAgain, treeAgain]);
    expect(keeper.counters).toEqual({ resyncs: 2, unverifiable: 0 });
  });

  it('is asked for when the session takes commands, if it shows before', () => {
    keeper.start();
    hear();
    expect(asked).toEqual([]);
    keeper.open();
    expect(asked).toEqual([treeAgain]);
    keeper.open();
    expect(asked).toHaveLength(1);
  });

  it('is asked for later where the server refuses, for as long as the session lasts', async () => {
    vi.useFakeTimers();
    refusals = 2;
    keeper.start();
    keeper.open();
    hear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(3);
    refusals = 1;
    init(lobby);
    hear();
    keeper.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(4);
  });
});

describe('the rooms that one watches or listens to', () => {
  it('are asked for in a new session too, those that are still there', async () => {
    keeper.start();
    await keeper.watch([den, rootRoomId]);
    keeper.start();
    init(lobby);
    await keeper.askAgain();
    expect(asked.map((command) => command.type === FrameType.Subscribe && command.roomIds)).toEqual(
      [[den, rootRoomId], [rootRoomId]],
    );
    keeper.start();
    await keeper.askAgain();
    expect(asked).toHaveLength(2);
  });

  it('are listened to in a new session too', async () => {
    keeper.start();
    await keeper.listen([den, rootRoomId]);
    keeper.start();
    init(lobby);
    await keeper.askAgain();
    expect(asked.at(-1)).toEqual({ type: FrameType.Listen, roomIds: [rootRoomId] });
    await keeper.listen([]);
    keeper.start();
    init(lobby);
    await keeper.askAgain();
    expect(asked).toHaveLength(3);
  });

  it('stay those before where the server refuses others', async () => {
    keeper.start();
    init(lobby);
    await keeper.watch([rootRoomId]);
    refusals = 1;
    await expect(keeper.watch([den])).rejects.toThrow('too fast');
    await keeper.askAgain();
    expect(asked.at(-1)).toMatchObject({ roomIds: [rootRoomId] });
  });

  it('are told apart from those that one reads, of which a talk is none', async () => {
    keeper.start();
    init(lobby);
    await keeper.read(den);
    expect(asked).toEqual([]);
    await keeper.read(rootRoomId);
    await keeper.read(rootRoomId);
    await keeper.watch([]);
    await keeper.askAgain();
    const toTheLobby = { type: FrameType.Subscribe, roomIds: [rootRoomId] };
    expect(asked).toEqual([toTheLobby, toTheLobby, toTheLobby]);
  });
});
