import { FrameType } from '@rookery/schemas/frameType';
import { fingerprintText } from '@rookery/schemas/loginMessage';
import type { AnnounceKey, CommandMessage, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { defaultRoom, rootRoomId } from '@rookery/schemas/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientError } from './clientError.js';
import { StateStore } from './engineState.js';
import { PrivateRooms } from './privateRooms.js';
import { fixedView } from './testing/fixedView.js';
import { newIdentity, place, privateRoomId, sessionOf } from './testing/privateMembers.js';

const ownToken = 7;
const address = { host: 'host', port: 1 };

let store: StateStore;
let rooms: PrivateRooms;
/** What was asked of the server, oldest first. */
let asked: CommandMessage[];
/** Whether the server takes what it is asked for. */
let isTaken: boolean;

beforeEach(() => {
  store = new StateStore();
  asked = [];
  isTaken = true;
  const fingerprint = fingerprintText(place.fingerprint);
  const login = { fingerprint, sessionToken: ownToken };
  const query = async (command: CommandMessage): Promise<unknown> => {
    asked.push(command);
    if (!isTaken) throw new ClientError('commandRefused', 'refused');
    await Promise.resolve();
    return { type: FrameType.MemberKeyList, keys: [] };
  };
  const connection = { login, identity: newIdentity(), query };
  const keeper = { connection } as unknown as ConstructorParameters<typeof PrivateRooms>[0];
  rooms = new PrivateRooms(keeper, store);
  const facts = { address, serverName: 'Rookery', fingerprint, pin: 'known' } as const;
  store.update({
    connection: { phase: 'connected', ...facts, userId: rootRoomId, sessionToken: ownToken },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Shows the own session in a room, and whether the other room is private. */
function show(roomId: Uuid | null, isPrivate: boolean, others: readonly SessionInfo[] = []): void {
  const own = { ...sessionOf({ token: ownToken, userId: rootRoomId }), roomId };
  const lobby = { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom };
  const council = { ...lobby, roomId: privateRoomId, parentId: rootRoomId, isPrivate };
  store.update({ view: fixedView([lobby, council], [own, ...others], ownToken) });
  rooms.follow(store.state);
}

const isOpen = (roomId: Uuid): boolean => rooms.isOpen(store.state.view, roomId);
const phase = (): string | undefined => store.state.privateRoom?.phase;
const settled = (): Promise<void> => vi.waitFor(() => expect(phase()).toBe('private'));

describe('the own private room', () => {
  it('is entered with a key, once, and has none of the server', async () => {
    show(privateRoomId, true);
    expect([phase(), rooms.sealingKey(0)]).toEqual(['entering', null]);
    await settled();
    show(privateRoomId, true);
    expect(asked).toMatchObject([{ type: FrameType.AnnounceKey, roomId: privateRoomId }]);
    expect(rooms.sealingKey(0)).not.toBeNull();
    expect([isOpen(privateRoomId), isOpen(rootRoomId)]).toEqual([false, true]);
    show(rootRoomId, true);
    expect([phase(), rooms.sealingKey(0)]).toEqual([undefined, null]);
  });

  it('has its members still while the server begins anew to tell of them', async () => {
    const other = sessionOf({ token: 8, userId: privateRoomId });
    show(privateRoomId, true, [other]);
    await settled();
    const { rooms: shown, own } = store.state.view;
    const nobody = fixedView([...shown.values()], []);
    store.update({ view: { ...nobody, own } });
    rooms.follow(store.state);
    const members = store.state.privateRoom?.members.map(({ sessionToken }) => sessionToken);
    expect(members).toEqual([ownToken, 8]);
  });

  it('is entered with another key each time', async () => {
    for (const roomId of [privateRoomId, null, privateRoomId]) {
      show(roomId, true);
      if (roomId !== null) await settled();
    }
    const [first, second] = asked.map((command) => (command as AnnounceKey).publicKey);
    expect(second).not.toEqual(first);
  });

  it('is asked for again where the server refused', async () => {
    vi.useFakeTimers();
    isTaken = false;
    show(privateRoomId, true);
    await vi.advanceTimersByTimeAsync(100);
    expect([asked.length, phase()]).toEqual([1, 'entering']);
    isTaken = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked.length, phase()]).toEqual([2, 'private']);
  });

  it('has no key at all where it is shown as open, until the user joins it', async () => {
    show(privateRoomId, true);
    await settled();
    show(privateRoomId, false);
    expect([phase(), rooms.sealingKey(0), isOpen(privateRoomId)]).toEqual(['opened', null, false]);
    // Moved out and in again by somebody else: the user still takes it for private.
    show(rootRoomId, false);
    expect([phase(), isOpen(privateRoomId)]).toEqual([undefined, true]);
    show(privateRoomId, false);
    expect([phase(), isOpen(privateRoomId)]).toEqual(['opened', false]);
    rooms.onJoin(privateRoomId);
    expect([phase(), isOpen(privateRoomId)]).toEqual([undefined, true]);
    show(privateRoomId, true);
    await settled();
  });

  it('that was open again before it was entered is not entered as an open one', () => {
    show(rootRoomId, true);
    rooms.onJoin(privateRoomId);
    show(privateRoomId, false);
    expect([phase(), isOpen(privateRoomId)]).toEqual(['opened', false]);
    rooms.forget();
    show(privateRoomId, false);
    expect([phase(), isOpen(privateRoomId)]).toEqual([undefined, true]);
  });

  it('is shown anew where it was open for a moment', async () => {
    for (let round = 0; round < 3; round++) {
      show(privateRoomId, true);
      await settled();
      show(privateRoomId, false);
      expect(phase()).toBe('opened');
    }
  });
});
