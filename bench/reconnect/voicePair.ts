import { join } from 'node:path';
import { openEngine, type Engine } from '@rookery/client/engine/engine';
import { parseServerAddress } from '@rookery/client/engine/serverAddress';
import { rootRoomId } from '@rookery/schemas/protocol';
import { machineUs } from '../machineClock.js';
import { quantile } from '../statistics.js';

const frameMs = 20;
const frameSamples = 960;
const payloadBytes = 80;
const timeoutMs = 5_000;
const reconnectMs = 120_000;

/** How voice went for a while. */
export interface VoiceOfPair {
  readonly sent: number;
  readonly heard: number;
  /** From sending to hearing, milliseconds; null where nothing was heard. */
  readonly delayMsP99: number | null;
  /** Longest time without a frame. */
  readonly gapMsMax: number;
}

/** Two real clients in the Lobby: one speaks without end, the other hears it. */
export class VoicePair {
  readonly #engines: Engine[] = [];
  #speaking: NodeJS.Timeout | null = null;
  #sent = 0;
  #delaysMs: number[] = [];
  #lastHeardUs = 0;
  #gapUsMax = 0;

  /** @throws ClientError */
  async open(address: string, folder: string, password = ''): Promise<void> {
    for (const name of ['speaker', 'listener']) {
      const options = { clientName: 'bench', timeoutMs, reconnectMs };
      const engine = openEngine({ profileFolder: join(folder, name), ...options });
      this.#engines.push(engine);
      await engine.connect({ address: parseServerAddress(address), displayName: name, password });
      await engine.joinRoom(rootRoomId);
      await engine.openVoice((_token, _counter, _timestamp, _end, payload) => this.#hear(payload));
    }
    let timestamp = 0;
    this.#speaking = setInterval(() => {
      timestamp += frameSamples;
      this.#sent += 1;
      const payload = new Uint8Array(payloadBytes);
      new DataView(payload.buffer).setFloat64(0, machineUs());
      const frame = { payload, timestamp: timestamp >>> 0, level: 8, endOfSpurt: false };
      this.#engines[0]!.sendFrame(frame);
    }, frameMs);
  }

  /** Resolves when what is said now is heard. */
  async untilHeard(): Promise<void> {
    const sinceUs = machineUs();
    while (this.#lastHeardUs < sinceUs) {
      await new Promise((resolve) => setTimeout(resolve, frameMs));
    }
  }

  /** Measures voice while something else happens. */
  async during<T>(work: () => Promise<T>): Promise<{ readonly voice: VoiceOfPair; result: T }> {
    const sentBefore = this.#sent;
    this.#delaysMs = [];
    this.#gapUsMax = 0;
    this.#lastHeardUs = machineUs();
    const result = await work();
    const delaysMs = this.#delaysMs;
    const voice = {
      sent: this.#sent - sentBefore,
      heard: delaysMs.length,
      delayMsP99: delaysMs.length === 0 ? null : quantile(delaysMs, 0.99),
      gapMsMax: Math.max(this.#gapUsMax, machineUs() - this.#lastHeardUs) / 1_000,
    };
    return { voice, result };
  }

  async close(): Promise<void> {
    if (this.#speaking !== null) clearInterval(this.#speaking);
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  #hear(payload: Uint8Array): void {
    const nowUs = machineUs();
    const { buffer, byteOffset } = payload;
    this.#delaysMs.push((nowUs - new DataView(buffer, byteOffset).getFloat64(0)) / 1_000);
    this.#gapUsMax = Math.max(this.#gapUsMax, nowUs - this.#lastHeardUs);
    this.#lastHeardUs = nowUs;
  }
}
