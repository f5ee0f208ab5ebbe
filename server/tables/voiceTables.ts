import assert from 'node:assert/strict';
import type { FrameSettings, RoomVoice, Uuid } from '@rookery/schemas/messages';
import { defaultBundleWindowMs, defaultRoom } from '@rookery/schemas/protocol';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { hopKeyBytes } from '@rookery/schemas/voiceCrypto';
import { makeToken, tokenGenerations, tokenSlot } from '@rookery/schemas/voicePacket';
import { ServerError } from '../errors.js';
import type { VoiceLimits } from '../limits.js';
import type { ReceiverListsMemory } from './receiverLists.js';
import { ReceiverListWriter, roomReceiversMax } from './receiverLists.js';
import { type RoomGroup, RoomGroups } from './roomGroups.js';
import { pathTable } from './pathTable.js';
import { defaultBundleWindow, roomTable } from './roomTable.js';
import { noRoom, SessionFlag, sessionTable } from './sessionTable.js';
import { speakerTable } from './speakerTable.js';
import { voiceBudget } from './voiceBudget.js';
import type { WhisperTablesMemory } from './whisperTables.js';
import { WhisperTables } from './whisperTables.js';
import { workerTable } from './workerTable.js';

/** What a worker needs to see the sessions and who hears them. */
export interface VoiceTablesMemory {
  readonly sessions: SharedTableMemory;
  readonly rooms: SharedTableMemory;
  readonly lists: ReceiverListsMemory;
  readonly whispers: WhisperTablesMemory;
  readonly workers: SharedTableMemory;
  /** What each worker writes of the sessions, by worker. */
  readonly paths: readonly SharedTableMemory[];
  /** Who speaks in each room as each worker hears it, by worker. */
  readonly speakers: readonly SharedTableMemory[];
}

/** What the relay knows of a room. */
export type RelayedVoice = RoomVoice & Pick<FrameSettings, 'frameMs'>;

/** Who may speak and hear, as moderation and the users themselves decided. */
export interface VoiceFlags {
  readonly muted: boolean;
  readonly deafened: boolean;
  readonly suppressed: boolean;
}

/**
 * All that the main thread writes for the relay: sessions in slots, rooms in rows, and the receiver
 * lists that follow from who is where. Main thread only; no I/O.
 */
export class VoiceTables {
  readonly memory: VoiceTablesMemory;
  readonly whispers: WhisperTables;
  readonly #limits: VoiceLimits;
  readonly #sessions;
  readonly #paths;
  readonly #roomRows;
  readonly #workers;
  readonly #lists: ReceiverListWriter;
  readonly #slots: SlotQueue;
  readonly #freeRooms: number[];
  readonly #roomIndexes = new Map<Uuid, number>();
  /** Tokens of each room's members, by row, in no order. */
  readonly #members: number[][];
  /** Where each session stands among its room's members, by slot. */
  readonly #places: Uint32Array;
  readonly #groups: RoomGroups;
  /** Tokens of those that listen to each room without being in it, by row. */
  readonly #listeners: Set<number>[];
  /** The rows of the rooms that sessions listen to, by token. */
  readonly #listening = new Map<number, readonly number[]>();
  readonly #hearing: Uint32Array;
  /** By slot: in which publication the session was listed last, so that it is listed once. */
  readonly #listedIn: Float64Array;
  #publications = 0;

  /** @param workers relay workers that read the tables */
  constructor(limits: VoiceLimits, workers: number) {
    const { sessionsMax, roomsMax } = limits;
    this.#limits = limits;
    this.#sessions = sessionTable.allocate(sessionsMax);
    this.#roomRows = roomTable.allocate(roomsMax);
    this.whispers = new WhisperTables(limits);
    this.#workers = workerTable.allocate(workers);
    this.#lists = new ReceiverListWriter(roomReceiversMax(limits), roomsMax);
    this.#slots = new SlotQueue(sessionsMax);
    this.#freeRooms = Array.from({ length: roomsMax }, (_row, index) => roomsMax - 1 - index);
    this.#members = Array.from({ length: roomsMax }, () => []);
    this.#places = new Uint32Array(sessionsMax);
    this.#groups = new RoomGroups(roomsMax);
    this.#listeners = Array.from({ length: roomsMax }, () => new Set());
    this.#hearing = new Uint32Array(sessionsMax);
    this.#listedIn = new Float64Array(sessionsMax);
    this.#paths = Array.from({ length: workers }, () => pathTable.allocate(sessionsMax));
    this.memory = {
      sessions: this.#sessions.memory,
      rooms: this.#roomRows.memory,
      lists: this.#lists.memory,
      whispers: this.whispers.memory,
      workers: this.#workers.memory,
      paths: this.#paths.map(({ memory }) => memory),
      speakers: Array.from({ length: workers }, () => speakerTable.allocate(roomsMax).memory),
    };
  }

  /**
   * @param hopKey 16 bytes, copied
   * @returns the new session's token; it is in no room, and may speak and hear
   * @throws ServerError `serverFull`
   */
  addSession(hopKey: Uint8Array): number {
    assert(hopKey.length === hopKeyBytes, `a hop key of ${hopKey.length} bytes`);
    const token = this.#slots.take();
    if (token === null) {
      throw new ServerError(
        'serverFull',
        `all ${this.#sessions.rows} places are taken; try again when somebody has left`,
      );
    }
    const { columns, groups } = this.#sessions;
    groups.main.writeRow(tokenSlot(token), (row) => {
      columns.hopKey.write(row, hopKey);
      columns.roomIndex.store(row, noRoom);
      columns.flags.store(row, 0);
      columns.token.store(row, token);
    });
    return token;
  }

  /** Takes the session out of its room and frees its slot. Its token names nobody from now on. */
  removeSession(token: number): void {
    this.moveSession(token, null);
    this.setListening(token, []);
    const { columns, groups } = this.#sessions;
    groups.main.writeRow(tokenSlot(token), (row) => {
      columns.token.store(row, 0);
      columns.hopKey.write(row, new Uint8Array(hopKeyBytes));
    });
    this.#slots.release(token);
  }

  /**
   * Moves the session; the lists of who hears both rooms are published.
   *
   * @param roomId null for no room
   * @throws ServerError `serverFull` where more rooms are spoken in than the tables hold
   */
  moveSession(token: number, roomId: Uuid | null): void {
    const slot = this.#slotOf(token);
    const from = this.#sessions.columns.roomIndex.load(slot);
    const to = roomId === null ? noRoom : this.#roomIndex(roomId);
    if (from === to) return;
    const groups = new Set<RoomGroup>();
    if (from !== noRoom) groups.add(this.#leave(slot, from));
    this.#sessions.columns.roomIndex.store(slot, to);
    if (to !== noRoom) {
      this.#places[slot] = this.#members[to]!.push(token) - 1;
      groups.add(this.#groups.of(to));
    }
    for (const group of groups) this.#publish(group);
  }

  /**
   * Sets the rooms that the session hears without being in them.
   *
   * @throws ServerError `serverFull` where more rooms are spoken in than the tables hold
   */
  setListening(token: number, roomIds: readonly Uuid[]): void {
    this.#slotOf(token);
    const before = this.#listening.get(token) ?? [];
    const rooms = roomIds.map((roomId) => this.#roomIndex(roomId));
    for (const room of before) this.#listeners[room]!.delete(token);
    for (const room of rooms) this.#listeners[room]!.add(token);
    if (rooms.length === 0) this.#listening.delete(token);
    else this.#listening.set(token, rooms);
    this.#publishOf([...before, ...rooms]);
  }

  /**
   * Lets these rooms be heard together: voice of one reaches all who hear the others. Whoever was
   * together with one of them and is not named stays with the others of those.
   *
   * @throws ServerError `serverFull` where more rooms are spoken in than the tables hold
   */
  linkRooms(roomIds: readonly Uuid[]): void {
    const { formed, emptied } = this.#groups.join(roomIds.map((id) => this.#roomIndex(id)));
    for (const group of formed) {
      // Who looks between these two finds the list there.
      this.#publish(group);
      for (const room of group.rooms) this.#roomRows.columns.list.store(room, group.list);
    }
    for (const list of emptied) this.#lists.publish(list, this.#hearing, 0);
  }

  setFlags(token: number, flags: VoiceFlags): void {
    const slot = this.#slotOf(token);
    const { flags: column, roomIndex } = this.#sessions.columns;
    const before = column.load(slot);
    const bits =
      (flags.muted ? SessionFlag.Muted : 0) |
      (flags.deafened ? SessionFlag.Deafened : 0) |
      (flags.suppressed ? SessionFlag.Suppressed : 0);
    column.store(slot, bits);
    if (((before ^ bits) & SessionFlag.Deafened) === 0) return;
    const room = roomIndex.load(slot);
    const listening = this.#listening.get(token) ?? [];
    this.#publishOf(room === noRoom ? listening : [room, ...listening]);
  }

  /** @throws ServerError `serverFull` where more rooms are spoken in than the tables hold */
  setRoomVoice(roomId: Uuid, voice: RelayedVoice): void {
    this.#storeRoomVoice(this.#roomIndex(roomId), voice);
  }

  /** By worker: time that it was at work, microseconds modulo 2^32. */
  busyUs(): number[] {
    const { rows, columns } = this.#workers;
    return Array.from({ length: rows }, (_worker, row) => columns.busyUs.load(row));
  }

  /**
   * Packets that the session has sent and that were accepted, pings among them: up to what it lost
   * on the way, since its own count is read; modulo 2^32.
   */
  packetsOf(token: number): number {
    const slot = tokenSlot(token);
    let highest = 0;
    for (const { columns } of this.#paths) {
      if (columns.token.load(slot) !== token) continue;
      highest = Math.max(highest, columns.replayHighest.load(slot, 0));
    }
    return highest;
  }

  /** Tells every worker to end, once it looks. */
  stopWorkers(): void {
    for (let row = 0; row < this.#workers.rows; row++) this.#workers.columns.stop.store(row, 1);
  }

  /** Frees what the room held; it must be empty. A room that nobody ever entered held nothing. */
  removeRoom(roomId: Uuid): void {
    const index = this.#roomIndexes.get(roomId);
    if (index === undefined) return;
    assert(this.#members[index]!.length === 0, `room ${roomId} is removed with members in it`);
    assert(this.#listeners[index]!.size === 0, `room ${roomId} is removed with listeners`);
    assert(this.#groups.of(index).rooms.length === 1, `room ${roomId} is removed while linked`);
    this.#roomIndexes.delete(roomId);
    this.#freeRooms.push(index);
  }

  #slotOf(token: number): number {
    const slot = tokenSlot(token);
    const isLive = token !== 0 && this.#sessions.columns.token.load(slot) === token;
    assert(isLive, `token ${token} names no session`);
    return slot;
  }

  #roomIndex(roomId: Uuid): number {
    const known = this.#roomIndexes.get(roomId);
    if (known !== undefined) return known;
    const index = this.#freeRooms.pop();
    if (index === undefined) {
      throw new ServerError(
        'serverFull',
        `voice holds ${this.#members.length} rooms; delete a room before another is entered`,
      );
    }
    this.#storeRoomVoice(index, defaultRoom);
    this.#roomRows.columns.list.store(index, index);
    this.#roomIndexes.set(roomId, index);
    return index;
  }

  #storeRoomVoice(index: number, voice: RelayedVoice): void {
    const { speakersMax, bundleWindowMs } = voice;
    const isDefault = bundleWindowMs === defaultBundleWindowMs;
    const windowUs = isDefault ? defaultBundleWindow : Math.round(bundleWindowMs * 1_000);
    const budget = voiceBudget(voice, this.#limits);
    const { columns } = this.#roomRows;
    columns.speakersMax.store(index, speakersMax);
    columns.bundleWindowUs.store(index, windowUs);
    columns.packetsPerSecond.store(index, budget.packetsPerSecond);
    columns.packetsBurst.store(index, budget.packetsBurst);
    columns.bytesPerSecond.store(index, budget.bytesPerSecond);
    columns.bytesBurst.store(index, budget.bytesBurst);
  }

  /** @returns the rooms whose list is to be published */
  #leave(slot: number, room: number): RoomGroup {
    const members = this.#members[room]!;
    const place = this.#places[slot]!;
    const last = members.pop()!;
    if (place < members.length) {
      members[place] = last;
      this.#places[tokenSlot(last)] = place;
    }
    return this.#groups.of(room);
  }

  #publishOf(rooms: readonly number[]): void {
    for (const group of new Set(rooms.map((room) => this.#groups.of(room)))) this.#publish(group);
  }

  #publish({ rooms, list }: RoomGroup): void {
    this.#publications++;
    let count = 0;
    for (const room of rooms) {
      for (const token of this.#members[room]!) count = this.#list(token, count);
      for (const token of this.#listeners[room]!) count = this.#list(token, count);
    }
    this.#lists.publish(list, this.#hearing, count);
  }

  /** Adds who is not deafened, and not there yet. @returns how many there are now */
  #list(token: number, count: number): number {
    const slot = tokenSlot(token);
    if ((this.#sessions.columns.flags.load(slot) & SessionFlag.Deafened) !== 0) return count;
    if (this.#listedIn[slot] === this.#publications) return count;
    this.#listedIn[slot] = this.#publications;
    this.#hearing[count] = token;
    return count + 1;
  }
}

/**
 * Free slots, the one that is free longest first, so that a token comes again as late as possible.
 * Generations run from 1, so that no token is 0.
 */
class SlotQueue {
  readonly #free: Uint32Array;
  readonly #generations: Uint16Array;
  #first = 0;
  #count: number;

  constructor(slots: number) {
    this.#free = Uint32Array.from({ length: slots }, (_slot, index) => index);
    this.#generations = new Uint16Array(slots);
    this.#count = slots;
  }

  /** @returns a token of a free slot, or null where all are taken */
  take(): number | null {
    if (this.#count === 0) return null;
    const slot = this.#free[this.#first]!;
    this.#first = (this.#first + 1) % this.#free.length;
    this.#count--;
    const generation = (this.#generations[slot]! % (tokenGenerations - 1)) + 1;
    this.#generations[slot] = generation;
    return makeToken(slot, generation);
  }

  release(token: number): void {
    this.#free[(this.#first + this.#count) % this.#free.length] = tokenSlot(token);
    this.#count++;
  }
}
