import { sampleRate } from '@rookery/schemas/voicePacket';
import { noRow } from '../voiceRecords.js';
import type { Talker } from '../voiceMixer.js';
import { milliDbfs, noSpeaker, type SpeakerTable } from './playbackTables.js';

const samplesPerMs = sampleRate / 1_000;

/** Of somebody who has not spoken yet. */
const noRowYet = -1;

/**
 * Who has which row of `speakerTable`: everybody from the first packet until he goes. Of the thread
 * that hands packets over; allocates with a speaker's first packet.
 */
export class SpeakerRows {
  readonly #rows = new Map<number, number>();
  readonly #free: number[];
  #unlisted = 0;

  /**
   * @param rows as many as the table has
   * @param onTaken told of each row that becomes somebody's
   */
  constructor(
    rows: number,
    private readonly onTaken: (row: number) => void = () => undefined,
  ) {
    this.#free = Array.from({ length: rows }, (_value, i) => rows - 1 - i);
  }

  /** Who spoke while there was no row. */
  get unlisted(): number {
    return this.#unlisted;
  }

  /** He may have a row once he speaks. One that he had is given back. */
  add(token: number): void {
    this.remove(token);
    this.#rows.set(token, noRowYet);
  }

  /** @returns the row of `token`, from now on; `noRow` where none is free, or he was not added */
  rowOf(token: number): number {
    const row = this.#rows.get(token) ?? noRow;
    return row === noRowYet ? this.#take(token) : row;
  }

  /** Gives his row back, if he has one. */
  remove(token: number): void {
    const row = this.#rows.get(token) ?? noRow;
    this.#rows.delete(token);
    if (row !== noRow && row !== noRowYet) this.#free.push(row);
  }

  #take(token: number): number {
    const row = this.#free.pop() ?? noRow;
    if (row === noRow) this.#unlisted++;
    else this.onTaken(row);
    this.#rows.set(token, row);
    return row;
  }
}

/** The other end, of the playback thread: writes rows. Allocates nothing after construction. */
export class SpeakerRowsWriter {
  readonly #table: SpeakerTable;
  /** What is written, kept here so that no closure is made for it. */
  #talker: Talker | null = null;
  readonly #write = (row: number): void => this.#writeColumns(row);
  readonly #clear = (row: number): void => this.#table.columns.token.store(row, noSpeaker);

  constructor(table: SpeakerTable) {
    this.#table = table;
  }

  /** Says what became of somebody's packets, unless his row is another's by now. */
  write(talker: Talker): void {
    if (talker.row === noRow || talker.isLeaving) return;
    this.#talker = talker;
    this.#table.groups.playback.writeRow(talker.row, this.#write);
  }

  /** The row is nobody's from now on. */
  clear(row: number): void {
    if (row !== noRow) this.#table.groups.playback.writeRow(row, this.#clear);
  }

  #writeColumns(row: number): void {
    const { token, isHeard, isWhispering, power, voice } = this.#talker!;
    const { columns } = this.#table;
    const { counts } = voice;
    columns.token.store(row, token);
    columns.isTalking.store(row, isHeard ? 1 : 0);
    columns.isWhispering.store(row, isHeard && isWhispering ? 1 : 0);
    columns.levelMilliDbfs.store(row, milliDbfs(power));
    columns.depthUs.store(row, Math.round((voice.waitingSamples * 1_000) / samplesPerMs));
    columns.jitterUs.store(row, voice.jitterUs);
    columns.delayUs.store(row, voice.waitedUs);
    columns.framesPlayed.store(row, counts.framesPlayed);
    columns.framesRecovered.store(row, counts.framesRecovered);
    columns.framesConcealed.store(row, counts.framesConcealed);
    columns.framesLate.store(row, counts.packetsLate);
    columns.framesDuplicate.store(row, counts.packetsDuplicate);
    columns.samplesStretched.store(row, voice.stretchedSamples);
  }
}
