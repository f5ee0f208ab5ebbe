import type { RegisterWhisper, Uuid, WhisperReady } from '@rookery/schemas/messages';
import { FrameType } from '@rookery/schemas/frameType';
import { SealingKeys } from './sealingKeys.js';
import { emptyView, type View } from './view.js';
import type { WhisperSealing } from './voiceConnection.js';

/** Who hears a whisper. */
export interface WhisperTargets {
  /** At most 64. Whatever session they have hears it, also one that they begin later. */
  readonly userIds: readonly Uuid[];
  readonly roomIds: readonly Uuid[];
  /** Whether all rooms below those rooms hear it too: a shout. */
  readonly withChildren: boolean;
}

/** Names a whisper of this engine; stays the same when the session changes. */
export type WhisperId = number;

/** What the lists ask of the server. */
export interface WhisperServer {
  /** Resolves with the list's id once its key is known. */
  register(command: RegisterWhisper): Promise<number>;
  remove(listId: number): Promise<void>;
}

interface Whisper {
  readonly targets: WhisperTargets;
  /** The list that the server keeps for it, or null while it names nobody. */
  listId: number | null;
  /** What that list was asked for with; empty before the first time. */
  asked: string;
  isRenewing: boolean;
}

/** Twice what a server lets one session have; it must not be able to fill the memory. */
const keysMax = 64;

/**
 * Keeps the server's whisper lists in line with the rooms that are there, over all own sessions.
 * Who comes and goes is the server's to follow. Pure but for the server that it is given.
 */
export class WhisperLists {
  private readonly whispers = new Map<WhisperId, Whisper>();
  /** By list. Keys may come before the answer that tells the list's id. */
  private readonly keys = new Map<number, SealingKeys>();
  private view: View = emptyView;
  private lastId = 0;
  /** Counts the sessions: what was asked for in an earlier one means nothing any more. */
  private session = 0;

  constructor(private readonly server: WhisperServer) {}

  /**
   * Resolves once those whom it names can be whispered to.
   *
   * @throws what the server refuses with; the whisper is forgotten then.
   */
  async add(targets: WhisperTargets): Promise<WhisperId> {
    this.lastId++;
    const id = this.lastId;
    const whisper = newWhisper(targets);
    this.whispers.set(id, whisper);
    try {
      await this.renew(whisper);
      return id;
    } catch (error) {
      this.whispers.delete(id);
      throw error;
    }
  }

  async remove(id: WhisperId): Promise<void> {
    const listId = this.whispers.get(id)?.listId ?? null;
    this.whispers.delete(id);
    if (listId !== null) await this.drop(listId);
  }

  /** To be called with every view. */
  follow(view: View): void {
    this.view = view;
    for (const whisper of this.whispers.values()) {
      // What the server refuses now is asked for again when the view changes.
      this.renew(whisper).catch(() => undefined);
    }
  }

  /** The session is another: its lists are gone, what they were for is kept. */
  reset(): void {
    this.session++;
    this.view = emptyView;
    this.keys.clear();
    for (const [id, { targets }] of this.whispers) this.whispers.set(id, newWhisper(targets));
  }

  /** @param nowMs monotonic milliseconds, the clock of sealing() too. */
  onReady({ listId, epoch, key, useAfterMs }: WhisperReady, nowMs: number): void {
    const keys = this.keys.get(listId) ?? new SealingKeys();
    keys.add({ epoch, key }, nowMs + useAfterMs);
    this.keys.delete(listId);
    this.keys.set(listId, keys);
    for (const oldest of this.keys.keys()) {
      if (this.keys.size <= keysMax) return;
      this.keys.delete(oldest);
    }
  }

  hasKey(listId: number): boolean {
    return this.keys.has(listId);
  }

  /** How to whisper now, or null while that cannot be. */
  sealing(id: WhisperId, nowMs: number): WhisperSealing | null {
    const listId = this.whispers.get(id)?.listId ?? null;
    const sealing = listId === null ? null : (this.keys.get(listId)?.current(nowMs) ?? null);
    return listId === null || sealing === null ? null : { listId, ...sealing };
  }

  /** Asks until the server's list is the one that the view calls for. */
  private async renew(whisper: Whisper): Promise<void> {
    if (whisper.isRenewing) return;
    whisper.isRenewing = true;
    try {
      for (;;) {
        const command = this.commandFor(whisper.targets);
        const asked = JSON.stringify(command);
        if (asked === whisper.asked) return;
        const before = whisper.listId;
        const { session } = this;
        const listId = isForNobody(command) ? null : await this.server.register(command);
        if (session !== this.session) return;
        if (![...this.whispers.values()].includes(whisper)) {
          // Removed meanwhile.
          if (listId !== null) await this.drop(listId);
          return;
        }
        whisper.listId = listId;
        whisper.asked = asked;
        if (before !== null) await this.drop(before);
      }
    } finally {
      whisper.isRenewing = false;
    }
  }

  private async drop(listId: number): Promise<void> {
    this.keys.delete(listId);
    await this.server.remove(listId);
  }

  private commandFor({ userIds, roomIds, withChildren }: WhisperTargets): RegisterWhisper {
    const { rooms } = this.view;
    return {
      type: FrameType.RegisterWhisper,
      sessionTokens: [],
      roomIds: roomIds.filter((roomId) => rooms.has(roomId)),
      withChildren,
      // Before the session shows any room the list would have to be made once more.
      userIds: rooms.size === 0 ? [] : userIds,
    };
  }
}

function newWhisper(targets: WhisperTargets): Whisper {
  return { targets, listId: null, asked: '', isRenewing: false };
}

function isForNobody({ userIds, roomIds }: RegisterWhisper): boolean {
  return userIds.length === 0 && roomIds.length === 0;
}
