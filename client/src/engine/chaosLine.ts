import {
  Chaos,
  newChaosCounters,
  type ChaosCounters,
  type ChaosSettings,
} from './audio/tools/chaos.js';

/** The two ways of voice. */
export type ChaosDirection = 'outgoing' | 'incoming';

/** The bad networks that are simulated now; null where none is. */
export type ChaosState = Readonly<Record<ChaosDirection, ChaosSettings | null>>;

export const chaosOff: ChaosState = { outgoing: null, incoming: null };

/** Where packets come from and go to. */
interface ChaosEnds {
  /** The packet to send stands at its beginning, and the one to send on will. */
  readonly packet: Uint8Array;
  readonly sendOn: (packetBytes: number) => void;
}

/**
 * Has the packets of one direction go through a bad network, while one is set: runs a Chaos on the
 * clock. It outlasts the connections that use it, one at a time. A timer of the thread.
 */
export class ChaosLine {
  private chaos: Chaos | null = null;
  private ends: ChaosEnds | null = null;
  private timer: NodeJS.Timeout | null = null;
  private onEmpty: (() => void)[] = [];

  /** @param onSet told of what holds from now on; null for off */
  constructor(private readonly onSet: (settings: ChaosSettings | null) => void = () => undefined) {}

  get isOn(): boolean {
    return this.chaos !== null;
  }

  /** Since it was last set from off to on; null while it is off. */
  get counters(): Readonly<ChaosCounters> | null {
    return this.chaos?.counters ?? null;
  }

  /**
   * Holds from the next packet on; what waits is sent on at once. @param settings null for off
   *
   * @throws ClientError as checkChaos(); nothing changes then
   */
  set(settings: ChaosSettings | null): void {
    const counters = this.chaos?.counters ?? newChaosCounters();
    const chaos = settings === null ? null : new Chaos(settings, () => Math.random(), counters);
    this.sendDue(Infinity);
    this.chaos = chaos;
    this.onSet(settings);
  }

  /** From now on packets of this connection come. @returns ends it; what waits is dropped */
  attach(packet: Uint8Array, sendOn: (packetBytes: number) => void): () => void {
    const ends = { packet, sendOn };
    this.ends = ends;
    return () => {
      if (this.ends !== ends) return;
      this.ends = null;
      this.chaos?.clear();
      this.follow();
    };
  }

  /** Takes the packet that stands in the buffer of the connection; to be called while it is on. */
  send(packetBytes: number): void {
    if (this.ends === null) return;
    const nowMs = performance.now();
    this.chaos?.push(this.ends.packet, packetBytes, nowMs);
    this.sendDue(nowMs);
  }

  /** Resolves when nothing waits. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      this.onEmpty.push(resolve);
      this.follow();
    });
  }

  private sendDue(nowMs: number): void {
    const { chaos, ends } = this;
    if (chaos !== null && ends !== null) {
      for (;;) {
        const packetBytes = chaos.pop(ends.packet, nowMs);
        if (packetBytes === 0) break;
        ends.sendOn(packetBytes);
      }
    }
    this.follow();
  }

  /** Waits for the next packet that is due, or tells that there is none. */
  private follow(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const dueMs = this.chaos?.nextDueMs() ?? Infinity;
    if (dueMs !== Infinity) {
      const waitMs = Math.max(1, dueMs - performance.now());
      this.timer = setTimeout(() => this.sendDue(performance.now()), waitMs);
      return;
    }
    for (const resolve of this.onEmpty.splice(0)) resolve();
  }
}

/** The simulated networks of both directions. */
export class VoiceChaos {
  readonly outgoing: ChaosLine;
  readonly incoming: ChaosLine;

  /** @param onChange told of what is simulated now, whenever one is set */
  constructor(onChange: (state: ChaosState) => void) {
    let state = chaosOff;
    const show = (change: Partial<ChaosState>): void => {
      state = { ...state, ...change };
      onChange(state);
    };
    this.outgoing = new ChaosLine((outgoing) => show({ outgoing }));
    this.incoming = new ChaosLine((incoming) => show({ incoming }));
  }
}
