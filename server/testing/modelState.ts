import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { bitrateMaxOf } from '@rookery/schemas/frameBitrate';
import type {
  RoomEdit,
  RoomInfo,
  RoomVoice,
  SessionInfo,
  SessionModeration,
  Uuid,
} from '@rookery/schemas/messages';
import { defaultRoom, defaultSession, fieldLimits, rootRoomId } from '@rookery/schemas/protocol';
import type { StateLimits } from '../limits.js';

export type ModelAnswer = ErrorCode | 'done';

/**
 * The rules of rooms and sessions once more, as plainly as can be: no index, every question is a
 * search. Tests hold CommunityState against it.
 */
export class ModelState {
  readonly rooms = new Map<Uuid, RoomInfo>([
    [rootRoomId, { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom }],
  ]);
  readonly sessions = new Map<number, SessionInfo>();

  constructor(readonly limits: StateLimits) {}

  snapshot(): { rooms: RoomInfo[]; sessions: SessionInfo[] } {
    return { rooms: [...this.rooms.values()], sessions: [...this.sessions.values()] };
  }

  /** @param roomId null for those who are in none */
  members(roomId: Uuid | null): number[] {
    return [...this.sessions.values()]
      .filter((session) => session.roomId === roomId)
      .map((session) => session.sessionToken)
      .sort();
  }

  createRoom(roomId: Uuid, parentId: Uuid, rawName: string): ModelAnswer {
    if (!this.rooms.has(parentId)) return ErrorCode.NoSuchRoom;
    const name = tidy(rawName);
    if (name === null) return ErrorCode.InvalidField;
    if (this.#taken(parentId, name, null)) return ErrorCode.RoomExists;
    if (this.rooms.size >= this.limits.roomsMax) return ErrorCode.LimitReached;
    if (this.#depth(parentId) >= this.limits.roomDepthMax) return ErrorCode.LimitReached;
    this.rooms.set(roomId, { roomId, parentId, name, ...defaultRoom });
    return 'done';
  }

  renameRoom(roomId: Uuid, rawName: string): ModelAnswer {
    const room = this.rooms.get(roomId);
    if (room === undefined) return ErrorCode.NoSuchRoom;
    if (room.parentId === null) return ErrorCode.RootRoom;
    const name = tidy(rawName);
    if (name === null) return ErrorCode.InvalidField;
    if (this.#taken(room.parentId, name, roomId)) return ErrorCode.RoomExists;
    this.rooms.set(roomId, { ...room, name });
    return 'done';
  }

  setRoomVoice(roomId: Uuid, voice: RoomVoice): ModelAnswer {
    const room = this.rooms.get(roomId);
    if (room === undefined) return ErrorCode.NoSuchRoom;
    return this.#put({ ...room, ...voice });
  }

  editRoom(roomId: Uuid, edit: RoomEdit): ModelAnswer {
    const room = this.rooms.get(roomId);
    if (room === undefined) return ErrorCode.NoSuchRoom;
    if (edit.description?.includes('\0') === true) return ErrorCode.InvalidField;
    if (edit.isTemporary === true && room.parentId === null) return ErrorCode.RootRoom;
    if (edit.isPrivate === true && room.linkedRoomIds.length > 0) return ErrorCode.PrivateRoom;
    const changes = Object.entries(edit).filter(([, value]) => value !== null);
    const answer = this.#put({ ...room, ...(Object.fromEntries(changes) as Partial<RoomInfo>) });
    if (this.rooms.get(roomId)!.isPrivate) this.#endListening(roomId);
    return answer;
  }

  moveRoom(roomId: Uuid, parentId: Uuid): ModelAnswer {
    const room = this.rooms.get(roomId);
    if (room === undefined || !this.rooms.has(parentId)) return ErrorCode.NoSuchRoom;
    if (room.parentId === null) return ErrorCode.RootRoom;
    if (room.parentId === parentId) return 'done';
    if (this.#isWithin(parentId, roomId)) return ErrorCode.InvalidField;
    if (this.#taken(parentId, room.name, roomId)) return ErrorCode.RoomExists;
    const moved = [...this.rooms.keys()].filter((id) => this.#isWithin(id, roomId));
    const height = Math.max(...moved.map((id) => this.#depth(id))) - this.#depth(roomId);
    if (this.#depth(parentId) + 1 + height > this.limits.roomDepthMax) {
      return ErrorCode.LimitReached;
    }
    return this.#put({ ...room, parentId });
  }

  deleteRoom(roomId: Uuid): ModelAnswer {
    const room = this.rooms.get(roomId);
    if (room === undefined) return ErrorCode.NoSuchRoom;
    if (room.parentId === null) return ErrorCode.RootRoom;
    if ([...this.rooms.values()].some((other) => other.parentId === roomId)) {
      return ErrorCode.RoomNotEmpty;
    }
    for (const token of this.members(roomId)) this.#place(token, room.parentId);
    this.#endListening(roomId);
    for (const linkedId of room.linkedRoomIds) this.#unlink(linkedId, roomId);
    this.rooms.delete(roomId);
    return 'done';
  }

  joinRoom(token: number, roomId: Uuid): ModelAnswer {
    const room = this.rooms.get(roomId);
    if (room === undefined) return ErrorCode.NoSuchRoom;
    const others = this.members(roomId).filter((member) => member !== token);
    const isInside = this.sessions.get(token)?.roomId === roomId;
    const places = [room.userLimit, room.isPrivate ? fieldLimits.privateMembersMax : 0];
    const limits = places.filter((limit) => limit > 0);
    if (!isInside && others.length >= Math.min(...limits)) {
      return ErrorCode.RoomFull;
    }
    return isInside ? 'done' : this.#place(token, roomId);
  }

  leaveRoom(token: number): ModelAnswer {
    if (this.sessions.get(token)?.roomId === null) return ErrorCode.NotInRoom;
    return this.#place(token, null);
  }

  setSelfState(token: number, self: { muted: boolean; deafened: boolean }): ModelAnswer {
    return this.#change(token, self);
  }

  setRecording(token: number, isRecording: boolean): ModelAnswer {
    return this.#change(token, { isRecording });
  }

  setReconnecting(token: number, isReconnecting: boolean): ModelAnswer {
    return this.#change(token, { isReconnecting });
  }

  setModeration(token: number, change: Partial<SessionModeration>): ModelAnswer {
    return this.#change(token, change);
  }

  listen(token: number, roomIds: readonly Uuid[]): ModelAnswer {
    if (roomIds.some((roomId) => !this.rooms.has(roomId))) return ErrorCode.NoSuchRoom;
    if (roomIds.some((roomId) => this.rooms.get(roomId)!.isPrivate)) return ErrorCode.PrivateRoom;
    const listeningTo = [...new Set(roomIds)].sort();
    const others = [...this.sessions.values()].filter((other) => other.sessionToken !== token);
    const count = others.reduce((sum, other) => sum + other.listeningTo.length, 0);
    const before = this.sessions.get(token)!.listeningTo;
    const isSame = listeningTo.join() === before.join();
    if (!isSame && count + listeningTo.length > this.limits.listeningsMax) {
      return ErrorCode.LimitReached;
    }
    return this.#change(token, { listeningTo });
  }

  linkRooms(firstId: Uuid, secondId: Uuid): ModelAnswer {
    const [first, second] = [this.rooms.get(firstId), this.rooms.get(secondId)];
    if (first === undefined || second === undefined) return ErrorCode.NoSuchRoom;
    if (firstId === secondId) return ErrorCode.InvalidField;
    if (first.isPrivate || second.isPrivate) return ErrorCode.PrivateRoom;
    if (first.linkedRoomIds.includes(secondId)) return 'done';
    const together = new Set([...this.heardTogether(firstId), ...this.heardTogether(secondId)]);
    const ends = [...this.rooms.values()].flatMap((room) => room.linkedRoomIds).length;
    if (together.size > this.limits.linkedRoomsMax || ends / 2 >= this.limits.linksMax) {
      return ErrorCode.LimitReached;
    }
    const linkedTo = (room: RoomInfo, id: Uuid): RoomInfo => {
      return { ...room, linkedRoomIds: [...room.linkedRoomIds, id].sort() };
    };
    this.rooms.set(firstId, linkedTo(first, secondId));
    this.rooms.set(secondId, linkedTo(second, firstId));
    return 'done';
  }

  unlinkRooms(firstId: Uuid, secondId: Uuid): ModelAnswer {
    const [first, second] = [this.rooms.get(firstId), this.rooms.get(secondId)];
    if (first === undefined || second === undefined) return ErrorCode.NoSuchRoom;
    if (!first.linkedRoomIds.includes(secondId)) return ErrorCode.InvalidField;
    this.#unlink(firstId, secondId);
    this.#unlink(secondId, firstId);
    return 'done';
  }

  /** Rooms from which voice comes into this one: as many steps over links as there are rooms. */
  heardTogether(roomId: Uuid): Uuid[] {
    let found = [roomId];
    for (let step = 0; step < this.rooms.size; step++) {
      found = [...this.rooms.values()]
        .filter(({ roomId: id, linkedRoomIds }) => {
          return found.includes(id) || linkedRoomIds.some((linkedId) => found.includes(linkedId));
        })
        .map(({ roomId: id }) => id);
    }
    return found;
  }

  /** Rooms that somebody hears. */
  heardBy(token: number): Set<Uuid> {
    const { roomId, listeningTo } = this.sessions.get(token)!;
    const from = roomId === null ? listeningTo : [roomId, ...listeningTo];
    return new Set(from.flatMap((id) => this.heardTogether(id)));
  }

  /** Everybody who hears what is said in a room. */
  hearers(roomId: Uuid): number[] {
    return [...this.sessions.keys()].filter((token) => this.heardBy(token).has(roomId)).sort();
  }

  addSession(sessionToken: number, userId: Uuid, displayName: string): ModelAnswer {
    if (this.sessions.size >= this.limits.sessionsMax) return ErrorCode.LimitReached;
    this.sessions.set(sessionToken, { sessionToken, userId, displayName, ...defaultSession });
    return 'done';
  }

  removeSession(token: number): ModelAnswer {
    this.sessions.delete(token);
    return 'done';
  }

  #place(token: number, roomId: Uuid | null): ModelAnswer {
    const gone = {
      suppressedByModerator: false,
      isPrioritySpeaker: false,
      suppressedByRules: false,
    };
    return this.#change(token, { roomId, ...gone });
  }

  #change(token: number, fields: Partial<SessionInfo>): ModelAnswer {
    this.sessions.set(token, { ...this.sessions.get(token)!, ...fields });
    return 'done';
  }

  #endListening(roomId: Uuid): void {
    for (const [token, { listeningTo }] of this.sessions) {
      this.#change(token, { listeningTo: without(listeningTo, roomId) });
    }
  }

  #unlink(roomId: Uuid, linkedId: Uuid): void {
    const room = this.rooms.get(roomId)!;
    this.rooms.set(roomId, { ...room, linkedRoomIds: without(room.linkedRoomIds, linkedId) });
  }

  #put(room: RoomInfo): ModelAnswer {
    const before = this.rooms.get(room.roomId)!;
    const isSame = before.bitrate === room.bitrate && before.frameMs === room.frameMs;
    if (!isSame && room.bitrate > bitrateMaxOf(room.frameMs)) return ErrorCode.InvalidField;
    this.rooms.set(room.roomId, room);
    return 'done';
  }

  /** Whether a room is that one or somewhere below it. */
  #isWithin(roomId: Uuid, above: Uuid): boolean {
    if (roomId === above) return true;
    const parentId = this.rooms.get(roomId)!.parentId;
    return parentId !== null && this.#isWithin(parentId, above);
  }

  #depth(roomId: Uuid): number {
    const parentId = this.rooms.get(roomId)!.parentId;
    return parentId === null ? 0 : 1 + this.#depth(parentId);
  }

  #taken(parentId: Uuid, name: string, except: Uuid | null): boolean {
    return [...this.rooms.values()].some(
      (room) =>
        room.parentId === parentId &&
        room.roomId !== except &&
        room.name.toLowerCase() === name.toLowerCase(),
    );
  }
}

function without(ids: readonly Uuid[], id: Uuid): Uuid[] {
  return ids.filter((other) => other !== id);
}

/** The part of name rules that the test's few names need. */
function tidy(name: string): string | null {
  const text = name.normalize('NFC').trim();
  return text === '' || text.includes('/') ? null : text;
}
