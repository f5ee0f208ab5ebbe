import { join } from 'node:path';
import { openEngine, type Engine } from '@rookery/client/engine/engine';
import { parseServerAddress } from '@rookery/client/engine/serverAddress';
import { rootRoomId } from '@rookery/schemas/protocol';
import { BenchError } from '../benchError.js';
import { machineUs } from '../machineClock.js';

const frameMs = 20;
const frameSamples = 960;
const timeoutMs = 5_000;
/** Far beyond what a bench waits for. */
const reconnectMs = 120_000;
/** A frame begins with the time at which it was sent; the rest is as long as Opus is. */
const payloadBytes = 80;
/** A server that was killed may pass frames on until its last thread is gone. */
const dyingUs = 20_000;
/** As many as the server lets in at a time from one address, and fewer. */
const loginsAtOnce = 25;

/** Real clients in one room; each notices when it hears somebody. */
export class ReturningClients {
  readonly #engines: Engine[] = [];
  readonly #backAtUs: (number | null)[] = [];
  #speaking: NodeJS.Timeout | null = null;
  #sinceUs = Infinity;
  #onHeard: () => void = () => undefined;

  /** @throws ClientError, or BenchError `refused` where they do not hear each other */
  async open(address: string, folder: string, clients: number, speakers: number): Promise<void> {
    for (let from = 0; from < clients; from += loginsAtOnce) {
      const batch = Array.from({ length: Math.min(loginsAtOnce, clients - from) }, (_, index) =>
        this.#join(address, folder, from + index),
      );
      await Promise.all(batch);
    }
    const speaking = this.#engines.slice(0, speakers);
    let timestamp = 0;
    this.#speaking = setInterval(() => {
      timestamp += frameSamples;
      for (const engine of speaking) {
        const payload = new Uint8Array(payloadBytes);
        new DataView(payload.buffer).setFloat64(0, machineUs());
        engine.sendFrame({ payload, timestamp: timestamp >>> 0, level: 8, endOfSpurt: false });
      }
    }, frameMs);
    // Everybody hears somebody before anything else happens.
    const heard = await this.untilBack(machineUs(), timeoutMs);
    if (!heard.includes(null)) return;
    throw new BenchError('refused', 'Not all clients heard somebody before the server was killed.');
  }

  /**
   * Waits until each client has heard what was said after a moment.
   *
   * @returns how long after it each heard that, ms; null for who has not when the time was over
   */
  async untilBack(sinceUs: number, timeoutMsMax: number): Promise<(number | null)[]> {
    this.#sinceUs = sinceUs + dyingUs;
    this.#backAtUs.fill(null);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMsMax);
      this.#onHeard = () => {
        if (this.#backAtUs.includes(null)) return;
        clearTimeout(timer);
        resolve();
      };
    });
    return this.#backAtUs.map((atUs) => (atUs === null ? null : (atUs - sinceUs) / 1_000));
  }

  async close(): Promise<void> {
    if (this.#speaking !== null) clearInterval(this.#speaking);
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  async #join(address: string, folder: string, index: number): Promise<void> {
    const engine = openEngine({
      profileFolder: join(folder, `client ${index}`),
      clientName: 'bench',
      timeoutMs,
      reconnectMs,
    });
    this.#engines[index] = engine;
    this.#backAtUs[index] = null;
    await engine.connect({
      address: parseServerAddress(address),
      displayName: `Bench ${index + 1}`,
    });
    await engine.joinRoom(rootRoomId);
    await engine.openVoice((_token, _counter, _timestamp, _end, payload) => {
      this.#hear(index, payload);
    });
  }

  #hear(client: number, payload: Uint8Array): void {
    if (this.#backAtUs[client] !== null) return;
    const { buffer, byteOffset } = payload;
    if (new DataView(buffer, byteOffset).getFloat64(0) < this.#sinceUs) return;
    this.#backAtUs[client] = machineUs();
    this.#onHeard();
  }
}
