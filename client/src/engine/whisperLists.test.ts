import { FrameType } from '@rookery/schemas/frameType';
import type { RegisterWhisper, Uuid } from '@rookery/schemas/messages';
import { defaultRoom, rootRoomId } from '@rookery/schemas/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fixedView } from './testing/fixedView.js';
import { emptyView, type View } from './view.js';
import { WhisperLists } from './whisperLists.js';

const anna = '00000000-0000-4000-8000-00000000000a';
const berta = '00000000-0000-4000-8000-00000000000b';
const den = '00000000-0000-4000-8000-0000000000d1';
const attic = '00000000-0000-4000-8000-0000000000d2';

/** The lists that a server keeps, and what it was asked for. */
class ListServer {
  readonly lists = new Map<number, RegisterWhisper>();
  readonly removed: number[] = [];
  lastId = 0;
  refuses = false;
  /** Called before each answer, when the question has been taken. */
  beforeAnswer: () => void | Promise<void> = () => undefined;

  async register(command: RegisterWhisper): Promise<number> {
    await this.beforeAnswer();
    if (this.refuses) throw new Error('refused');
    this.lastId++;
    this.lists.set(this.lastId, command);
    lists.onReady(readyOf(this.lastId), 0);
    return this.lastId;
  }

  async remove(listId: number): Promise<void> {
    this.removed.push(listId);
    this.lists.delete(listId);
    await Promise.resolve();
  }
}

const readyOf = (listId: number) => ({
  type: FrameType.WhisperReady,
  listId,
  epoch: listId,
  key: new Uint8Array(32).fill(listId),
  useAfterMs: 0,
});

/** A view in which these rooms are, beside the root. */
function viewOf(...roomIds: readonly Uuid[]): View {
  const rooms = [rootRoomId, ...roomIds].map((roomId) => {
    return { roomId, parentId: null, name: 'r', ...defaultRoom };
  });
  return fixedView(rooms, []);
}

const toBoth = { userIds: [anna, berta], roomIds: [], withChildren: false };
const toDens = { userIds: [anna], roomIds: [den, attic], withChildren: false };
let server: ListServer;
let lists: WhisperLists;
beforeEach(() => {
  server = new ListServer();
  lists = new WhisperLists({
    register: (command) => server.register(command),
    remove: (listId) => server.remove(listId),
  });
});

describe('a whisper', () => {
  it('is registered for users and for the rooms that are there', async () => {
    lists.follow(viewOf(den));
    const id = await lists.add({ ...toDens, withChildren: true });
    expect([...server.lists.values()]).toEqual([
      {
        type: FrameType.RegisterWhisper,
        sessionTokens: [],
        roomIds: [den],
        withChildren: true,
        userIds: [anna],
      },
    ]);
    expect(lists.sealing(id, 0)).toMatchObject({ listId: 1, epoch: 1 });
  });

  it('waits for the view, and is made anew as its rooms come and go', async () => {
    lists.follow(emptyView);
    const id = await lists.add(toDens);
    expect(server.lists.size).toBe(0);
    expect(lists.sealing(id, 0)).toBeNull();
    lists.follow(viewOf(den));
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 1 }));
    lists.follow(viewOf(den, attic));
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 }));
    expect(server.lists.get(2)).toMatchObject({ userIds: [anna], roomIds: [den, attic] });
    await vi.waitFor(() => expect(server.removed).toEqual([1]));
  });

  it('cannot be heard while all it names are rooms that are gone', async () => {
    lists.follow(viewOf(den));
    const id = await lists.add({ ...toDens, userIds: [] });
    lists.follow(viewOf());
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toBeNull());
    await vi.waitFor(() => expect(server.removed).toEqual([1]));
  });

  it('asks nothing while no room of its own comes or goes', async () => {
    lists.follow(viewOf(den));
    await lists.add({ ...toDens, roomIds: [den] });
    lists.follow(viewOf(den, attic));
    await lists.add(toBoth);
    expect(server.lastId).toBe(2);
  });

  it('follows what changes while it is being registered', async () => {
    lists.follow(viewOf(den));
    server.beforeAnswer = () => {
      server.beforeAnswer = () => undefined;
      lists.follow(viewOf(attic));
    };
    const id = await lists.add(toDens);
    expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 });
    expect([...server.lists.keys()]).toEqual([2]);
  });

  it('leaves nothing behind when it is removed, even while it is being registered', async () => {
    lists.follow(viewOf());
    const id = await lists.add(toBoth);
    await lists.remove(id);
    server.beforeAnswer = () => lists.remove(id + 1);
    await lists.add(toBoth);
    expect(server.lists.size).toBe(0);
    expect(lists.sealing(id, 0)).toBeNull();
    expect(lists.hasKey(1) || lists.hasKey(2)).toBe(false);
  });

  it('tells that the server refuses, and tries again only for those it took', async () => {
    lists.follow(viewOf(den));
    const id = await lists.add(toDens);
    server.refuses = true;
    await expect(lists.add(toBoth)).rejects.toThrow('refused');
    lists.follow(viewOf(attic));
    await Promise.resolve();
    server.refuses = false;
    await vi.waitFor(() => {
      lists.follow(viewOf(attic));
      expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 });
    });
    expect(server.lists.size).toBe(1);
  });

  it('is registered again in another session, where nothing of the old one counts', async () => {
    lists.follow(viewOf());
    const id = await lists.add(toBoth);
    lists.reset();
    expect(lists.sealing(id, 0)).toBeNull();
    lists.follow(viewOf());
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 }));
    expect(server.removed).toEqual([]);
  });

  it('forgets an answer that comes after its session', async () => {
    lists.follow(viewOf());
    server.beforeAnswer = () => {
      server.beforeAnswer = () => undefined;
      lists.reset();
    };
    const id = await lists.add(toBoth);
    expect(lists.sealing(id, 0)).toBeNull();
    lists.follow(viewOf());
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 }));
    expect(server.removed).toEqual([]);
  });
});

it('seals with a new key only when its time has come', async () => {
  lists.follow(viewOf());
  const id = await lists.add(toBoth);
  lists.onReady({ ...readyOf(1), epoch: 200, useAfterMs: 300 }, 1_000);
  expect(lists.sealing(id, 1_299)?.epoch).toBe(1);
  expect(lists.sealing(id, 1_300)?.epoch).toBe(200);
});

it('keeps a bounded number of keys', () => {
  for (let listId = 0; listId < 1_000; listId++) lists.onReady(readyOf(listId), 0);
  expect(lists.hasKey(999)).toBe(true);
  expect(lists.hasKey(0)).toBe(false);
});
