import { FrameType } from '@rookery/schemas/frameType';
import type { Listen, Resync, Subscribe, Uuid, ViewMessage } from '@rookery/schemas/messages';
import { SyncedView, type ViewCounters } from '@rookery/schemas/syncedView';
import type { View } from './view.js';

/** A server that refused, because one asks too fast, may grant it after this. */
const askAgainMs = 1_000;

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
    await this.ask({ type: FrameType.Subscribe, roomIds });
    this.watched = roomIds;
  }

  /** Asks to hear these rooms, beside the own one, in this session and later ones. */
  async listen(roomIds: readonly Uuid[]): Promise<void> {
    await this.ask({ type: FrameType.Listen, roomIds });
    this.listened = roomIds;
  }

  /** Asks for all of it in a new session, as far as the rooms are there. */
  async askAgain(): Promise<void> {
    const present = (roomIds: readonly Uuid[]): Uuid[] =>
      roomIds.filter((roomId) => this.view.rooms.has(roomId));
    const [watched, listened] = [present(this.watched), present(this.listened)];
    if (watched.length > 0) await this.ask({ type: FrameType.Subscribe, roomIds: watched });
    if (listened.length > 0) await this.ask({ type: FrameType.Listen, roomIds: listened });
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
