import { FrameType } from '@rookery/schemas/frameType';
import type { Listen, Resync, Subscribe, Uuid, ViewMessage } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { SyncedView, type ViewCounters } from '@rookery/schemas/syncedView';
import type { View } from './view.js';

/** A server that refused, because one asks too fast, may grant it after this. */
const askAgainMs = 1_000;

/** Rooms that are read without being in them, the last ones. */
const readRoomsMax = 16;

/**
 * Keeps the view of one session after another: takes what the server tells, checks it against the
 * hashes that come with it, and asks for what is wrong again.
 */
export class ViewKeeper {
  private view = new SyncedView();
  private isOpen = false;
  /** What could not be asked for before the session was open. */
  private waiting: Resync[] = [];
  /** Of the sessions before. */
  private readonly earlier: ViewCounters = { resyncs: 0, unverifiable: 0 };
  private watched: readonly Uuid[] = [];
  private listened: readonly Uuid[] = [];
  private readRooms: readonly Uuid[] = [];

  constructor(private readonly ask: (command: Resync | Subscribe | Listen) => Promise<unknown>) {}

  /** Over all sessions. */
  get counters(): ViewCounters {
    const { resyncs, unverifiable } = this.view.counters;
    return {
      resyncs: this.earlier.resyncs + resyncs,
      unverifiable: this.earlier.unverifiable + unverifiable,
    };
  }

  /** Another session begins. @returns its view, of nothing yet. */
  start(): View {
    const { resyncs, unverifiable } = this.view.counters;
    this.earlier.resyncs += resyncs;
    this.earlier.unverifiable += unverifiable;
    this.view = new SyncedView();
    this.isOpen = false;
    this.waiting = [];
    return this.view;
  }

  /** The session takes commands from now on. */
  open(): void {
    this.isOpen = true;
    for (const resync of this.waiting.splice(0)) this.resync(resync);
  }

  apply(message: ViewMessage, stateHash: Uint8Array | null): void {
    const resync = this.view.apply(message, stateHash);
    if (resync !== null) this.resync(resync);
  }

  /** Asks to be shown who is in these rooms, beside the own one, in this session and later ones. */
  async watch(roomIds: readonly Uuid[]): Promise<void> {
    await this.subscribe([...roomIds, ...this.present(this.readRooms)]);
    this.watched = roomIds;
  }

  /**
   * Asks to be told what is written in a room, in this session and later ones, also where one is
   * not in it. Nothing for what is no room: talks are told anyway.
   */
  async read(roomId: Uuid): Promise<void> {
    if (!this.view.rooms.has(roomId) || this.readRooms.includes(roomId)) return;
    this.readRooms = [...this.readRooms, roomId].slice(-readRoomsMax);
    try {
      await this.subscribe(this.present([...this.watched, ...this.readRooms]));
    } catch (error) {
      this.readRooms = this.readRooms.filter((id) => id !== roomId);
      throw error;
    }
  }

  /** Asks to hear these rooms, beside the own one, in this session and later ones. */
  async listen(roomIds: readonly Uuid[]): Promise<void> {
    await this.ask({ type: FrameType.Listen, roomIds });
    this.listened = roomIds;
  }

  /** Asks for all of it in a new session, as far as the rooms are there. */
  async askAgain(): Promise<void> {
    const listened = this.present(this.listened);
    const subscribed = this.present([...this.watched, ...this.readRooms]);
    if (subscribed.length > 0) await this.subscribe(subscribed);
    if (listened.length > 0) await this.ask({ type: FrameType.Listen, roomIds: listened });
  }

  private async subscribe(roomIds: readonly Uuid[]): Promise<void> {
    const distinct = [...new Set(roomIds)].slice(0, fieldLimits.subscribedRoomsMax);
    await this.ask({ type: FrameType.Subscribe, roomIds: distinct });
  }

  /** With one that is gone the server refuses all. */
  private present(roomIds: readonly Uuid[]): readonly Uuid[] {
    return roomIds.filter((roomId) => this.view.rooms.has(roomId));
  }

  private resync(resync: Resync): void {
    if (!this.isOpen) {
      this.waiting.push(resync);
      return;
    }
    const { view } = this;
    this.ask(resync).catch(() => {
      const again = (): void => {
        // A session that is gone needs nothing any more.
        if (this.view === view) this.resync(resync);
      };
      setTimeout(again, askAgainMs).unref();
    });
  }
}
