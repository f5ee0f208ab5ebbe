import { tokenSlot } from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';
import type { SessionTable } from '../tables/sessionTable.js';
import { noRoom } from '../tables/sessionTable.js';
import type { SpeakerTable } from '../tables/speakerTable.js';
import { publishedSpeakersMax } from '../tables/speakerTable.js';

/** What the cap stands on. */
export interface SpeakerCapParts {
  readonly sessions: SessionTable;
  /** By worker. */
  readonly speakers: readonly SpeakerTable[];
  /** Which of them is its own. */
  readonly ownIndex: number;
  readonly limits: Pick<VoiceLimits, 'roomsMax' | 'tableReadRetriesMax'>;
  /** That of `RelayClock`. */
  readonly nowMs: Float64Array;
}

/** Who has not sent a frame for this long does not speak. */
const activeMs = 400;
/** Levels are kept in 1/256 of a step of the header's. */
const levelOne = 256;
/** Who is let through counts as louder by this, so that two of one loudness do not take turns. */
const passingBonus = 2 * levelOne;
/** Each frame moves the level by a quarter: it follows within some 100 ms. */
const smoothingShift = 2;

/** Sessions of one room that speak here, by slot; the first `count`. */
interface ActiveSpeakers {
  slots: Int32Array;
  count: number;
}

/**
 * Lets only the loudest of a room through. A frame passes while fewer than the room's cap speak
 * louder, of all whom any worker hears; of two with the same level the lower token is the louder.
 *
 * Relay worker only; no clock of its own; allocates nothing but where a room has more speakers
 * than ever before.
 */
export class SpeakerCap {
  readonly #parts: SpeakerCapParts;
  readonly #nowMs: Float64Array;
  readonly #active: (ActiveSpeakers | null)[];
  /** By slot: in which room's list it stands, its token, level, last frame, and if that passed. */
  readonly #room: Int32Array;
  readonly #token: Uint32Array;
  readonly #level: Int32Array;
  readonly #spokeAtMs: Float64Array;
  readonly #isPassing: Uint8Array;
  readonly #copyRows: readonly ((row: number) => void)[];
  /** Copied from another worker's row. */
  #copiedCount = 0;
  readonly #copiedTokens = new Uint32Array(publishedSpeakersMax);
  readonly #copiedLevels = new Int32Array(publishedSpeakersMax);
  readonly #copiedUntilMs = new Int32Array(publishedSpeakersMax);

  constructor(parts: SpeakerCapParts) {
    const { rows } = parts.sessions;
    this.#parts = parts;
    this.#nowMs = parts.nowMs;
    this.#active = new Array<ActiveSpeakers | null>(parts.limits.roomsMax).fill(null);
    this.#room = new Int32Array(rows).fill(noRoom);
    this.#token = new Uint32Array(rows);
    this.#level = new Int32Array(rows);
    this.#spokeAtMs = new Float64Array(rows);
    this.#isPassing = new Uint8Array(rows);
    this.#copyRows = parts.speakers.map((table) => (row: number) => this.#copy(table, row));
  }

  /**
   * Takes note of a frame.
   *
   * @param level the header's, 0 … 15
   * @param speakersMax cap of the room, 1 or more
   * @returns whether it passes
   */
  admits(
    roomIndex: number,
    slot: number,
    token: number,
    level: number,
    speakersMax: number,
  ): boolean {
    this.#hear(roomIndex, slot, token, level * levelOne);
    const louder = this.#countLouderHere(roomIndex, slot) + this.#countLouderAt(roomIndex, slot);
    this.#isPassing[slot] = louder < speakersMax ? 1 : 0;
    if (this.#parts.speakers.length > 1) this.#publish(roomIndex);
    return louder < speakersMax;
  }

  #hear(roomIndex: number, slot: number, token: number, level: number): void {
    const nowMs = this.#nowMs[0]!;
    const isListed = this.#room[slot] === roomIndex;
    const goesOn =
      isListed && this.#token[slot] === token && nowMs - this.#spokeAtMs[slot]! <= activeMs;
    if (goesOn) {
      this.#level[slot]! += (level - this.#level[slot]!) >> smoothingShift;
    } else {
      if (!isListed) this.#list(roomIndex, slot);
      this.#token[slot] = token;
      this.#level[slot] = level;
      this.#isPassing[slot] = 0;
    }
    this.#spokeAtMs[slot] = nowMs;
  }

  #list(roomIndex: number, slot: number): void {
    this.#active[roomIndex] ??= { slots: new Int32Array(publishedSpeakersMax), count: 0 };
    const active = this.#active[roomIndex];
    if (active.count === active.slots.length) {
      const longer = new Int32Array(2 * active.slots.length);
      longer.set(active.slots);
      active.slots = longer;
    }
    active.slots[active.count++] = slot;
    this.#room[slot] = roomIndex;
  }

  /** Also takes out of the list who speaks there no more. */
  #countLouderHere(roomIndex: number, slot: number): number {
    const active = this.#active[roomIndex]!;
    const { slots } = active;
    let louder = 0;
    for (let i = active.count - 1; i >= 0; i--) {
      const other = slots[i]!;
      if (!this.#isSpeaking(other, roomIndex)) {
        if (this.#room[other] === roomIndex) this.#room[other] = noRoom;
        slots[i] = slots[--active.count]!;
      } else if (this.#isLouder(this.#effective(other), this.#token[other]!, slot)) {
        louder++;
      }
    }
    return louder;
  }

  #countLouderAt(roomIndex: number, slot: number): number {
    const { speakers, ownIndex, limits } = this.#parts;
    const nowMs = this.#nowMs[0]! | 0;
    let louder = 0;
    for (let worker = 0; worker < speakers.length; worker++) {
      if (worker === ownIndex) continue;
      const { worker: rows } = speakers[worker]!.groups;
      // Whoever cannot be read now is read at the next frame: one too many passes meanwhile.
      if (!rows.readRow(roomIndex, this.#copyRows[worker]!, limits.tableReadRetriesMax)) continue;
      for (let i = 0; i < this.#copiedCount; i++) {
        const token = this.#copiedTokens[i]!;
        const isOver = ((this.#copiedUntilMs[i]! - nowMs) | 0) < 0;
        // A speaker that came from that worker to this one has been counted here.
        if (isOver || this.#isHeardHere(token, roomIndex)) continue;
        if (this.#isLouder(this.#copiedLevels[i]!, token, slot)) louder++;
      }
    }
    return louder;
  }

  #publish(roomIndex: number): void {
    const { speakers, ownIndex } = this.#parts;
    speakers[ownIndex]!.groups.worker.writeRow(roomIndex, this.#writeRow);
  }

  /** Whether the listed session has spoken in the room just now and is still there. */
  #isSpeaking(slot: number, roomIndex: number): boolean {
    const { token, roomIndex: place } = this.#parts.sessions.columns;
    return (
      this.#room[slot] === roomIndex &&
      this.#nowMs[0]! - this.#spokeAtMs[slot]! <= activeMs &&
      token.load(slot) === this.#token[slot] &&
      place.load(slot) === roomIndex
    );
  }

  #isHeardHere(token: number, roomIndex: number): boolean {
    const slot = tokenSlot(token);
    return this.#token[slot] === token && this.#isSpeaking(slot, roomIndex);
  }

  #effective(slot: number): number {
    return this.#level[slot]! + (this.#isPassing[slot] === 1 ? passingBonus : 0);
  }

  #isLouder(level: number, token: number, slot: number): boolean {
    const own = this.#effective(slot);
    return level > own || (level === own && token < this.#token[slot]!);
  }

  readonly #writeRow = (row: number): void => {
    const { speakers, ownIndex } = this.#parts;
    const { count, tokens, levels, untilMs } = speakers[ownIndex]!.columns;
    const active = this.#active[row]!;
    let published = 0;
    for (let i = 0; i < active.count && published < publishedSpeakersMax; i++) {
      const slot = active.slots[i]!;
      if (this.#isPassing[slot] === 0) continue;
      tokens.store(row, published, this.#token[slot]!);
      levels.store(row, published, this.#effective(slot));
      untilMs.store(row, published, (this.#spokeAtMs[slot]! + activeMs) | 0);
      published++;
    }
    count.store(row, published);
  };

  #copy({ columns }: SpeakerTable, row: number): void {
    this.#copiedCount = Math.min(columns.count.load(row), publishedSpeakersMax);
    for (let i = 0; i < this.#copiedCount; i++) {
      this.#copiedTokens[i] = columns.tokens.load(row, i);
      this.#copiedLevels[i] = columns.levels.load(row, i);
      this.#copiedUntilMs[i] = columns.untilMs.load(row, i);
    }
  }
}
