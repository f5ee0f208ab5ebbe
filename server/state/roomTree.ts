import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { bitrateMaxOf } from '@rookery/schemas/frameBitrate';
import type { RoomEdit, RoomInfo, RoomVoice, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { normaliseDescription, normaliseName, roomNameLimits } from '@rookery/schemas/names';
import { defaultRoom, rootRoomId, rootRoomName } from '@rookery/schemas/protocol';
import { roomsHeardBy, roomsHeardTogether } from '@rookery/schemas/roomLinks';
import { ProtocolError } from '@rookery/schemas/protocolError';
import type { StateLimits } from '../limits.js';
import { refusal, type Refusal } from './outcome.js';

interface RoomNode {
  info: RoomInfo;
  /** Rooms directly below, by their name as names are compared. */
  readonly children: Map<string, Uuid>;
}

/** The tree of rooms. Pure: no I/O, clock or randomness. */
export class RoomTree {
  readonly #nodes = new Map<Uuid, RoomNode>();

  readonly #byId = { get: (roomId: Uuid) => this.#nodes.get(roomId)?.info };
  readonly #limits: StateLimits;
  /** Each link has two. */
  #linkEnds = 0;

  constructor(limits: StateLimits) {
    this.#limits = limits;
    const info = { roomId: rootRoomId, parentId: null, name: rootRoomName, ...defaultRoom };
    this.#nodes.set(rootRoomId, { info, children: new Map() });
  }

  get count(): number {
    return this.#nodes.size;
  }

  get(roomId: Uuid): RoomInfo | null {
    return this.#nodes.get(roomId)?.info ?? null;
  }

  /** All rooms, each after its parent. */
  list(): RoomInfo[] {
    return this.from(rootRoomId).map((roomId) => this.#nodes.get(roomId)!.info);
  }

  /** A room and all rooms below it; none where there is no such room. */
  from(roomId: Uuid): Uuid[] {
    const roomIds = this.#nodes.has(roomId) ? [roomId] : [];
    // Rooms are appended while the loop runs, until none has others below it.
    for (const id of roomIds) roomIds.push(...(this.#nodes.get(id)?.children.values() ?? []));
    return roomIds;
  }

  /**
   * What a new room would be.
   *
   * @param roomId fresh, chosen by the caller
   */
  planCreate(
    roomId: Uuid,
    parentId: Uuid,
    rawName: string,
    lasts: 'forGood' | 'whileInUse' = 'forGood',
  ): RoomInfo | Refusal {
    assert(!this.#nodes.has(roomId), 'a new room has a fresh id');
    const parent = this.#nodes.get(parentId);
    if (parent === undefined) return noSuchRoom();
    const name = roomName(rawName);
    if (typeof name !== 'string') return name;
    if (parent.children.has(comparable(name))) return roomExists(name);
    if (this.#nodes.size >= this.#limits.roomsMax) {
      return refusal(
        ErrorCode.LimitReached,
        `This server has its ${this.#limits.roomsMax} rooms. Delete one that is not used.`,
      );
    }
    if (this.#depthOf(parent) >= this.#limits.roomDepthMax) return this.#tooDeep('Create');
    return { roomId, parentId, name, ...defaultRoom, isTemporary: lasts === 'whileInUse' };
  }

  /** @returns the room as it would be; the same object where the name is the one that it has */
  planRename(roomId: Uuid, rawName: string): RoomInfo | Refusal {
    const node = this.#nodes.get(roomId);
    if (node === undefined) return noSuchRoom();
    const parent = this.#parentOf(node);
    if (parent === null) return rootRoom('renamed');
    const name = roomName(rawName);
    if (typeof name !== 'string') return name;
    if (name === node.info.name) return node.info;
    const sibling = parent.children.get(comparable(name));
    if (sibling !== undefined && sibling !== roomId) return roomExists(name);
    return { ...node.info, name };
  }

  /**
   * A room takes all rooms below it along.
   *
   * @returns the room as it would be; the same object where it is below that room already
   */
  planMove(roomId: Uuid, parentId: Uuid): RoomInfo | Refusal {
    const node = this.#nodes.get(roomId);
    const parent = this.#nodes.get(parentId);
    if (node === undefined || parent === undefined) return noSuchRoom();
    if (node.info.parentId === null) return rootRoom('moved');
    if (parentId === node.info.parentId) return node.info;
    if (parentId === roomId || this.above(parentId).includes(roomId)) {
      const text = 'A room cannot be below itself. Move it somewhere else.';
      return refusal(ErrorCode.InvalidField, text);
    }
    if (parent.children.has(comparable(node.info.name))) return roomExists(node.info.name);
    const depth = this.#depthOf(parent) + 1 + this.#heightOf(node);
    if (depth > this.#limits.roomDepthMax) return this.#tooDeep('Move');
    return { ...node.info, parentId };
  }

  /** @returns the room as it would be; the same object where that is how it is */
  planEdit(roomId: Uuid, edit: RoomEdit): RoomInfo | Refusal {
    const node = this.#nodes.get(roomId);
    if (node === undefined) return noSuchRoom();
    const { info } = node;
    const description = roomDescription(edit.description ?? info.description);
    if (typeof description !== 'string') return description;
    if (edit.isTemporary === true && info.parentId === null) return rootRoom('temporary');
    if (edit.isPrivate === true && info.linkedRoomIds.length > 0) {
      return privateRoom('A linked room cannot be private. Unlink it from the others first.');
    }
    const room: RoomInfo = {
      ...info,
      description,
      position: edit.position ?? info.position,
      userLimit: edit.userLimit ?? info.userLimit,
      isTemporary: edit.isTemporary ?? info.isTemporary,
      frameMs: edit.frameMs ?? info.frameMs,
      isFecOn: edit.isFecOn ?? info.isFecOn,
      keepDays: edit.keepDays ?? info.keepDays,
      keepMessages: edit.keepMessages ?? info.keepMessages,
      slowModeSeconds: edit.slowModeSeconds ?? info.slowModeSeconds,
      isLocked: edit.isLocked ?? info.isLocked,
      isPrivate: edit.isPrivate ?? info.isPrivate,
    };
    return changedOrSame(info, room);
  }

  /** @returns the room as it would be; the same object where that is how it is */
  planVoice(roomId: Uuid, { speakersMax, bundleWindowMs, bitrate }: RoomVoice): RoomInfo | Refusal {
    const node = this.#nodes.get(roomId);
    if (node === undefined) return noSuchRoom();
    const { info } = node;
    return changedOrSame(info, { ...info, speakersMax, bundleWindowMs, bitrate });
  }

  /**
   * What linking two rooms would make of them; none where they are linked already.
   *
   * @returns both rooms as they would be
   */
  planLink(firstId: Uuid, secondId: Uuid): readonly RoomInfo[] | Refusal {
    const [first, second] = [this.get(firstId), this.get(secondId)];
    if (first === null || second === null) return noSuchRoom();
    if (firstId === secondId) {
      return refusal(ErrorCode.InvalidField, 'A room hears itself. Name another to link it to.');
    }
    if (first.isPrivate || second.isPrivate) {
      return privateRoom('A private room is heard in no other. Link rooms that are not private.');
    }
    if (first.linkedRoomIds.includes(secondId)) return [];
    const { linkedRoomsMax, linksMax } = this.#limits;
    const together = new Set([...this.heardTogether(firstId), ...this.heardTogether(secondId)]);
    if (together.size > linkedRoomsMax || this.#linkEnds >= 2 * linksMax) {
      const text = `At most ${linkedRoomsMax} rooms are heard together. Unlink others first.`;
      return refusal(ErrorCode.LimitReached, text);
    }
    return [withLink(first, secondId), withLink(second, firstId)];
  }

  /** What ending the link of two rooms would make of them. @returns both as they would be */
  planUnlink(firstId: Uuid, secondId: Uuid): readonly RoomInfo[] | Refusal {
    const [first, second] = [this.get(firstId), this.get(secondId)];
    if (first === null || second === null) return noSuchRoom();
    if (!first.linkedRoomIds.includes(secondId)) {
      const text = 'These rooms are not linked to each other directly. Look at the list of rooms.';
      return refusal(ErrorCode.InvalidField, text);
    }
    return [withoutLink(first, secondId), withoutLink(second, firstId)];
  }

  /** The rooms that are linked to a room, as they are without it. */
  neighboursWithout(roomId: Uuid): RoomInfo[] {
    const linkedRoomIds = this.get(roomId)?.linkedRoomIds ?? [];
    return linkedRoomIds.map((id) => withoutLink(this.#nodes.get(id)!.info, roomId));
  }

  /** Ends links to rooms that are not there: they were left out when the others were loaded. */
  dropLinksToNowhere(): void {
    for (const { info } of this.#nodes.values()) {
      const linkedRoomIds = info.linkedRoomIds.filter((id) => this.#nodes.has(id));
      if (linkedRoomIds.length < info.linkedRoomIds.length) this.put({ ...info, linkedRoomIds });
    }
  }

  /** A room and all that it is linked to, directly or over others; none where there is none. */
  heardTogether(roomId: Uuid): Uuid[] {
    return roomsHeardTogether(this.#byId, roomId);
  }

  /** All rooms whose voice a session hears. */
  heardBy(session: Pick<SessionInfo, 'roomId' | 'listeningTo'>): Set<Uuid> {
    return roomsHeardBy(this.#byId, session);
  }

  /** Only a room without rooms below it can be deleted. @returns what the room is */
  planDelete(roomId: Uuid): (RoomInfo & { readonly parentId: Uuid }) | Refusal {
    const node = this.#nodes.get(roomId);
    if (node === undefined) return noSuchRoom();
    const { parentId } = node.info;
    if (parentId === null) return rootRoom('deleted');
    if (node.children.size > 0) {
      return refusal(ErrorCode.RoomNotEmpty, 'There are rooms below this one. Delete those first.');
    }
    return { ...node.info, parentId };
  }

  /** @param room as it was planned just before, or as it was kept; its parent is there */
  put(room: RoomInfo): void {
    const node = this.#nodes.get(room.roomId);
    this.#linkEnds += room.linkedRoomIds.length - (node?.info.linkedRoomIds.length ?? 0);
    if (room.parentId !== null) {
      const parent = this.#nodes.get(room.parentId);
      assert(parent !== undefined, 'a room stands below a room');
      if (node === undefined) this.#nodes.set(room.roomId, { info: room, children: new Map() });
      else this.#parentOf(node)?.children.delete(comparable(node.info.name));
      parent.children.set(comparable(room.name), room.roomId);
    }
    if (node !== undefined) node.info = room;
  }

  /** @param roomId of a room that planDelete() allowed just before */
  remove(roomId: Uuid): void {
    const node = this.#nodes.get(roomId);
    assert(node !== undefined, 'a room is removed once');
    this.#parentOf(node)?.children.delete(comparable(node.info.name));
    this.#linkEnds -= node.info.linkedRoomIds.length;
    this.#nodes.delete(roomId);
  }

  /** The rooms above a room, from the next to the root. */
  above(roomId: Uuid): Uuid[] {
    const above: Uuid[] = [];
    let parentId = this.get(roomId)?.parentId ?? null;
    while (parentId !== null) {
      above.push(parentId);
      parentId = this.get(parentId)?.parentId ?? null;
    }
    return above;
  }

  /** Steps from the root. */
  #depthOf(node: RoomNode): number {
    return this.above(node.info.roomId).length;
  }

  /** Steps down to the deepest room below. */
  #heightOf(node: RoomNode): number {
    const below = Array.from(node.children.values(), (roomId) => this.#nodes.get(roomId)!);
    return below.reduce((height, child) => Math.max(height, 1 + this.#heightOf(child)), 0);
  }

  #tooDeep(what: 'Create' | 'Move'): Refusal {
    return refusal(
      ErrorCode.LimitReached,
      `Rooms nest ${this.#limits.roomDepthMax} deep. ${what} the room further up.`,
    );
  }

  #parentOf(node: RoomNode): RoomNode | null {
    return node.info.parentId === null ? null : (this.#nodes.get(node.info.parentId) ?? null);
  }
}

function withLink(room: RoomInfo, roomId: Uuid): RoomInfo {
  return { ...room, linkedRoomIds: [...room.linkedRoomIds, roomId].sort() };
}

function withoutLink(room: RoomInfo, roomId: Uuid): RoomInfo {
  return { ...room, linkedRoomIds: room.linkedRoomIds.filter((id) => id !== roomId) };
}

export function noSuchRoom(): Refusal {
  return refusal(ErrorCode.NoSuchRoom, 'There is no such room. It may have been deleted.');
}

/** @param message why a private room is refused this */
export function privateRoom(message: string): Refusal {
  return refusal(ErrorCode.PrivateRoom, message);
}

function roomExists(name: string): Refusal {
  return refusal(ErrorCode.RoomExists, `There is a room named "${name}" already. Choose another.`);
}

function rootRoom(what: string): Refusal {
  return refusal(ErrorCode.RootRoom, `The root room cannot be ${what}.`);
}

/** The room as it would be, where a packet still holds a frame of it; the same for no change. */
function changedOrSame(info: RoomInfo, room: RoomInfo): RoomInfo | Refusal {
  if (isDeepStrictEqual(info, room)) return info;
  const { frameMs, bitrate } = room;
  if (bitrate <= bitrateMaxOf(frameMs)) return room;
  const kilobits = bitrateMaxOf(frameMs) / 1_000;
  return refusal(
    ErrorCode.InvalidField,
    `A packet holds frames of ${frameMs} ms up to ${kilobits} kb/s, and the room would have ` +
      `${bitrate / 1_000} kb/s. Set a lower bitrate or shorter frames first.`,
  );
}

function roomDescription(text: string): string | Refusal {
  try {
    return normaliseDescription(text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, `A room cannot have this ${error.message}.`);
  }
}

function roomName(text: string): string | Refusal {
  try {
    return normaliseName(text, roomNameLimits);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, `A room cannot have this name: ${error.message}.`);
  }
}

/**
 * What must differ between siblings: compatibility forms and case are one. Upper case first folds
 * what has no single lower-case partner ("ß" and "SS").
 */
function comparable(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase();
}
