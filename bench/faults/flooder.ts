import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { FramePacer } from '@rookery/client/bots/framePacer';
import { FrameSource } from '../load/frameSource.js';
import { nowUs } from '../load/loadClock.js';
import type { LoadSession } from '../load/loadMessages.js';
import { openLoadSockets, type LoadSockets } from '../load/loadSockets.js';
import type { FloodKind } from './floodMessages.js';

const seed = 20_000;
/** Opus bytes of a frame, and as much garbage as is a packet of that length. */
const payloadBytes = 120;
const garbageBytes = 160;
/** Packets go out this often, several at a time: the flood must not need a core of its own. */
const sendIntervalUs = 500;
/** How often what came back is thrown away. */
const receiveIntervalUs = 5_000;

/** One who sends far more than anybody may. It blocks its thread while it does. */
export class Flooder {
  readonly #sockets: LoadSockets;
  readonly #source: FrameSource;
  readonly #random = new SeededRandom(seed);

  /** @param port of voice on 127.0.0.1 */
  static async open(port: number, session: LoadSession): Promise<Flooder> {
    return new Flooder(await openLoadSockets(1, port), port, session);
  }

  private constructor(sockets: LoadSockets, port: number, session: LoadSession) {
    this.#sockets = sockets;
    // The relay has no key to the sound, so that any will do.
    const rooms = [{ epoch: 0, key: new Uint8Array(32) }];
    const target = { port, pid: 0, sessions: [{ ...session, room: 0 }], rooms };
    this.#source = new FrameSource(target, payloadBytes, this.#random);
    // By a ping the address is the session's.
    sockets.send(0, this.#source.writePing(0, sockets.outgoing));
  }

  /** @returns packets sent */
  async flood(kind: FloodKind, packetsPerSecond: number, seconds: number): Promise<number> {
    const pacer = new FramePacer([0], packetsPerSecond, nowUs());
    const endUs = nowUs() + seconds * 1_000_000;
    let packetsSent = 0;
    let nextReceiveUs = 0;
    for (let now = nowUs(); now < endUs; now = nowUs()) {
      for (; pacer.take(now) !== -1; packetsSent++) {
        this.#sockets.send(0, kind === 'session' ? this.#writeFrame() : this.#writeGarbage());
      }
      if (now >= nextReceiveUs) {
        this.#sockets.receive(() => undefined);
        nextReceiveUs = now + receiveIntervalUs;
      }
      const waiting = this.#sockets.wait(sendIntervalUs);
      if (waiting !== undefined) await waiting;
    }
    return packetsSent;
  }

  close(): Promise<void> {
    return this.#sockets.close();
  }

  #writeFrame(): number {
    return this.#source.writeFrame(0, this.#sockets.outgoing);
  }

  #writeGarbage(): number {
    this.#sockets.outgoing.set(this.#random.bytes(garbageBytes));
    return garbageBytes;
  }
}
