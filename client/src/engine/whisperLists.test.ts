import { FrameType } from '@rookery/schemas/frameType';
import type { RegisterWhisper, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { defaultRoom, defaultSession } from '@rookery/schemas/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fixedView } from './testing/fixedView.js';
import { emptyView, type View } from './view.js';
import { WhisperLists } from './whisperLists.js';

const anna = '00000000-0000-4000-8000-00000000000a';
const berta = '00000000-0000-4000-8000-00000000000b';
const room = '00000000-0000-4000-8000-0000000000ff';

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

function viewOf(people: Readonly<Record<Uuid, number>>, roomIds: readonly Uuid[] = []): View {
  const sessions = Object.entries(people).map(([userId, sessionToken]): SessionInfo => {
    return { ...defaultSession, sessionToken, userId, displayName: 'x' };
  });
  const room = { parentId: null, name: 'r', ...defaultRoom };
  const rooms = roomIds.map((roomId) => ({ roomId, ...room }));
  return fixedView(rooms, sessions);
}

const toBoth = { userIds: [anna, berta], roomIds: [], withChildren: false };
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
  it('is registered for the sessions and rooms that are there', async () => {
    lists.follow(viewOf({ [anna]: 7, [berta]: 5 }, [room]));
    const id = await lists.add({ ...toBoth, roomIds: [room], withChildren: true });
    expect([...server.lists.values()]).toEqual([
      {
        type: FrameType.RegisterWhisper,
        sessionTokens: [5, 7],
        roomIds: [room],
        withChildren: true,
      },
    ]);
    expect(lists.sealing(id, 0)).toMatchObject({ listId: 1, epoch: 1 });
  });

  it('waits for people who are not there, and is made anew as they come and go', async () => {
    lists.follow(emptyView);
    const id = await lists.add(toBoth);
    expect(server.lists.size).toBe(0);
    expect(lists.sealing(id, 0)).toBeNull();
    lists.follow(viewOf({ [anna]: 7 }));
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 1 }));
    lists.follow(viewOf({ [anna]: 8, [berta]: 9 }));
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 }));
    expect(server.lists.get(2)).toMatchObject({ sessionTokens: [8, 9] });
    lists.follow(emptyView);
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toBeNull());
    await vi.waitFor(() => expect(server.removed).toEqual([1, 2]));
  });

  it('asks nothing while nobody of its own comes or goes', async () => {
    lists.follow(viewOf({ [anna]: 7 }));
    await lists.add(toBoth);
    lists.follow(viewOf({ [anna]: 7, [room]: 9 }));
    await lists.add({ ...toBoth, userIds: [room] });
    expect(server.lastId).toBe(2);
  });

  it('follows what changes while it is being registered', async () => {
    lists.follow(viewOf({ [anna]: 7 }));
    server.beforeAnswer = () => {
      server.beforeAnswer = () => undefined;
      lists.follow(viewOf({ [anna]: 8 }));
    };
    const id = await lists.add(toBoth);
    expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 });
    expect([...server.lists.keys()]).toEqual([2]);
  });

  it('leaves nothing behind when it is removed, even while it is being registered', async () => {
    lists.follow(viewOf({ [anna]: 7 }));
    const id = await lists.add(toBoth);
    await lists.remove(id);
    server.beforeAnswer = () => lists.remove(id + 1);
    await lists.add(toBoth);
    expect(server.lists.size).toBe(0);
    expect(lists.sealing(id, 0)).toBeNull();
    expect(lists.hasKey(1) || lists.hasKey(2)).toBe(false);
  });

  it('tells that the server refuses, and tries again only for those it took', async () => {
    lists.follow(viewOf({ [anna]: 7 }));
    const id = await lists.add(toBoth);
    server.refuses = true;
    await expect(lists.add(toBoth)).rejects.toThrow('refused');
    lists.follow(viewOf({ [anna]: 8 }));
    await Promise.resolve();
    server.refuses = false;
    lists.follow(viewOf({ [anna]: 9 }));
    await vi.waitFor(() => {
      lists.follow(viewOf({ [anna]: 9 }));
      expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 });
    });
    expect(server.lists.size).toBe(1);
  });

  it('is registered again in another session, where nothing of the old one counts', async () => {
    lists.follow(viewOf({ [anna]: 7 }));
    const id = await lists.add(toBoth);
    lists.reset();
    expect(lists.sealing(id, 0)).toBeNull();
    lists.follow(viewOf({ [anna]: 1 }));
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 }));
    expect(server.removed).toEqual([]);
  });

  it('forgets an answer that comes after its session', async () => {
    lists.follow(viewOf({ [anna]: 7 }));
    server.beforeAnswer = () => {
      server.beforeAnswer = () => undefined;
      lists.reset();
    };
    const id = await lists.add(toBoth);
    expect(lists.sealing(id, 0)).toBeNull();
    lists.follow(viewOf({ [anna]: 7 }));
    await vi.waitFor(() => expect(lists.sealing(id, 0)).toMatchObject({ listId: 2 }));
    expect(server.removed).toEqual([]);
  });
});

it('seals with a new key only when its time has come', async () => {
  lists.follow(viewOf({ [anna]: 7 }));
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
