import { defaultRoom } from '@rookery/schemas/protocol';
import { checkHopTag, hopKeyBytes } from '@rookery/schemas/voiceCrypto';
import {
  pingBytes,
  readCounter,
  readKind,
  readToken,
  tokenSlot,
  VoiceKind,
  voicePacketBytesMax,
  voicePacketBytesMin,
  whisperPacketBytesMin,
} from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';
import type { DropReason } from '../tables/counterTable.js';
import type { PathTable } from '../tables/pathTable.js';
import type { RoomTable } from '../tables/roomTable.js';
import type { SessionTable } from '../tables/sessionTable.js';
import { noRoom, SessionFlag } from '../tables/sessionTable.js';
import { voiceBudget } from '../tables/voiceBudget.js';
import { ReplayWindow } from './replayWindow.js';
import type { SessionPaths } from './sessionPaths.js';
import { SessionBudgets } from './sessionBudgets.js';

/** What becomes of a packet: relayed, answered, ignored, or dropped for the reason named. */
export type PacketVerdict = 'voice' | 'whisper' | 'ping' | 'keepAlive' | DropReason;

const hopKeyWords = hopKeyBytes / Int32Array.BYTES_PER_ELEMENT;
/** Words of a slot among the hop keys: its session, the key, and as many as make it 32 bytes. */
const hopKeyStride = 8;

export interface PacketCheckParts {
  readonly sessions: SessionTable;
  readonly rooms: RoomTable;
  readonly paths: SessionPaths;
  /** The path table of this worker, also seen through `paths`. */
  readonly own: PathTable;
  readonly limits: VoiceLimits;
  /** That of `RelayClock`. */
  readonly nowMs: Float64Array;
}

/**
 * Decides what becomes of each packet from outside. The reasons to drop are tried in one fixed
 * order, cheap before dear, and nothing is changed by a packet before its hop tag was found right:
 *
 *     length → kind → session → address (not of a ping) → hop tag → replay → address (ping)
 *            → muted → suppressed (voice) → budget → room (voice)
 *
 * Relay worker only. No I/O and no clock; allocates nothing.
 */
export class PacketCheck {
  /** The sender of the last packet that was accepted. */
  readonly sender = { token: 0, slot: 0, roomIndex: noRoom };
  /** Its hop key, for an answer. 16 bytes. */
  readonly hopKey = new Uint8Array(hopKeyBytes);

  readonly #sessions: SessionTable;
  readonly #paths: SessionPaths;
  readonly #lastHeardMs: PathTable['columns']['lastHeardMs'];
  readonly #nowMs: Float64Array;
  readonly #retriesMax: number;
  readonly #replay: ReplayWindow;
  readonly #budgets: SessionBudgets;
  #flags = 0;
  /** By slot: of which session a hop key was copied, then its words. A session keeps its key. */
  readonly #hopKeys: Int32Array;
  readonly #hopKeyWords: Int32Array;
  /** Copied from a row. */
  #rowToken = 0;

  constructor(parts: PacketCheckParts) {
    const { sessions, rooms, paths, own, limits, nowMs } = parts;
    this.#sessions = sessions;
    this.#paths = paths;
    this.#nowMs = nowMs;
    this.#retriesMax = limits.tableReadRetriesMax;
    this.#replay = new ReplayWindow(own);
    this.#lastHeardMs = own.columns.lastHeardMs;
    const { rows } = sessions;
    this.#hopKeys = new Int32Array(rows * hopKeyStride);
    this.#hopKeyWords = new Int32Array(this.hopKey.buffer);
    const roomless = voiceBudget(defaultRoom, limits);
    this.#budgets = new SessionBudgets(rows, rooms, roomless, nowMs);
  }

  /**
   * @param packet the datagram from 0 to `length`
   * @param from source address, five words
   */
  check(packet: Uint8Array, length: number, from: Int32Array): PacketVerdict {
    if (length === 0) return 'keepAlive';
    if (length < pingBytes) return 'dropShort';
    if (length > voicePacketBytesMax) return 'dropOversized';
    switch (readKind(packet, 0)) {
      case VoiceKind.Voice:
        return this.#checkVoice(packet, length, from);
      case VoiceKind.Whisper:
        return this.#checkWhisper(packet, length, from);
      case VoiceKind.Ping:
        return this.#checkPing(packet, length, from);
      default:
        return 'dropKind';
    }
  }

  #checkVoice(packet: Uint8Array, length: number, from: Int32Array): PacketVerdict {
    if (length < voicePacketBytesMin) return 'dropShort';
    const fault = this.#checkSender(packet, length, from);
    if (fault !== null) return fault;
    const { slot, roomIndex } = this.sender;
    if ((this.#flags & SessionFlag.Suppressed) !== 0) return 'dropSuppressed';
    if (!this.#budgets.take(slot, roomIndex, length)) return 'dropBudget';
    this.#lastHeardMs.store(slot, this.#nowMs[0]! | 0);
    return roomIndex === noRoom ? 'dropNoRoom' : 'voice';
  }

  /** Where a sender may not speak, it may whisper: who may register a list is decided elsewhere. */
  #checkWhisper(packet: Uint8Array, length: number, from: Int32Array): PacketVerdict {
    if (length < whisperPacketBytesMin) return 'dropShort';
    const fault = this.#checkSender(packet, length, from);
    if (fault !== null) return fault;
    const { slot, roomIndex } = this.sender;
    if (!this.#budgets.take(slot, roomIndex, length)) return 'dropBudget';
    this.#lastHeardMs.store(slot, this.#nowMs[0]! | 0);
    return 'whisper';
  }

  /** What voice and whispers have in common: from whom, from where, genuine, fresh, not muted. */
  #checkSender(packet: Uint8Array, length: number, from: Int32Array): DropReason | null {
    const fault = this.#findSender(readToken(packet, 0));
    if (fault !== null) return fault;
    const { token, slot } = this.sender;
    const path = this.#paths.find(slot, token);
    if (path === 'race') return 'dropRace';
    if (path === 'none' || !this.#paths.isAt(from)) return 'dropAddress';
    if (!checkHopTag(packet, length, this.hopKey)) return 'dropHopTag';
    if (!this.#paths.isOwn(slot, token)) this.#adopt(slot, token);
    const counter = readCounter(packet, 0);
    if (!this.#paths.exceedsOthers(slot, token, counter)) return 'dropReplay';
    if (this.#replay.accept(slot, counter) === 'seen') return 'dropReplay';
    return (this.#flags & SessionFlag.Muted) !== 0 ? 'dropMuted' : null;
  }

  #checkPing(packet: Uint8Array, length: number, from: Int32Array): PacketVerdict {
    if (length > pingBytes) return 'dropOversized';
    const fault = this.#findSender(readToken(packet, 0));
    if (fault !== null) return fault;
    const { token, slot, roomIndex } = this.sender;
    if (!checkHopTag(packet, length, this.hopKey)) return 'dropHopTag';
    const path = this.#paths.find(slot, token);
    if (path === 'race') return 'dropRace';
    if (!this.#paths.isOwn(slot, token)) this.#adopt(slot, token);
    const counter = readCounter(packet, 0);
    // Above all that others accepted means also above every Ping that bound the session to them.
    if (!this.#paths.exceedsOthers(slot, token, counter)) return 'dropReplay';
    const age = this.#replay.accept(slot, counter);
    if (age === 'seen') return 'dropReplay';
    const isElsewhere = path === 'none' || !this.#paths.isAt(from);
    // A Ping that was overtaken must not take the session back to an address that it has left.
    if (path === 'found' && isElsewhere && age === 'late') return 'dropAddress';
    if (!this.#budgets.take(slot, roomIndex, length)) return 'dropBudget';
    if (isElsewhere || age === 'newest') this.#paths.bind(slot, from, counter);
    this.#lastHeardMs.store(slot, this.#nowMs[0]! | 0);
    return 'ping';
  }

  /** Looks a live session up: into `sender`, `hopKey` and the flags. */
  #findSender(token: number): 'dropUnknownSession' | 'dropRace' | null {
    const slot = tokenSlot(token);
    // A free slot has token 0, which names no session.
    if (token === 0 || slot >= this.#sessions.rows) return 'dropUnknownSession';
    const { token: owner, roomIndex, flags } = this.#sessions.columns;
    if (owner.load(slot) !== token) return 'dropUnknownSession';
    if (!this.#hasHopKey(slot, token) && !this.#copyHopKey(slot)) return 'dropRace';
    const at = slot * hopKeyStride;
    for (let i = 0; i < hopKeyWords; i++) this.#hopKeyWords[i] = this.#hopKeys[at + 1 + i]!;
    this.sender.token = token;
    this.sender.slot = slot;
    this.sender.roomIndex = roomIndex.load(slot);
    this.#flags = flags.load(slot);
    // Still there: so all of this was its own, and not the next session's in the slot.
    const isOwn = owner.load(slot) === token && this.#hasHopKey(slot, token);
    return isOwn ? null : 'dropUnknownSession';
  }

  #hasHopKey(slot: number, token: number): boolean {
    return this.#hopKeys[slot * hopKeyStride]! >>> 0 === token;
  }

  /** @returns false where the row is never whole */
  #copyHopKey(slot: number): boolean {
    const isWhole = this.#sessions.groups.main.readRow(slot, this.#copyRow, this.#retriesMax);
    const at = slot * hopKeyStride;
    this.#hopKeys[at] = isWhole ? this.#rowToken : 0;
    for (let i = 0; i < hopKeyWords; i++) this.#hopKeys[at + 1 + i] = this.#hopKeyWords[i]!;
    return isWhole;
  }

  readonly #copyRow = (row: number): void => {
    const { token, hopKey } = this.#sessions.columns;
    this.#rowToken = token.load(row);
    hopKey.read(row, this.hopKey);
  };

  /** Makes the own row that of a session that was not heard here before. */
  #adopt(slot: number, token: number): void {
    // The token comes last: a worker that dies before leaves the row another session's.
    this.#replay.clear(slot);
    this.#budgets.reset(slot);
    this.#paths.adopt(slot, token);
  }
}
