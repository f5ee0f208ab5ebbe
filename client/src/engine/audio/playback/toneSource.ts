import { sampleRate } from '@rookery/schemas/voicePacket';

/** −20 dBFS: clear, and nobody jumps. */
const tonePeak = Math.SQRT2 * 0.1;
/** From nothing to all of it, and back: 10 ms, so that neither end clicks. */
const rampSamples = sampleRate / 100;
const [toneHzMin, toneHzMax] = [20, 20_000];
const toneMsMax = 60_000;

/** One sine at a time, 48 kHz. A new one begins once the one before has faded. One thread. */
export class ToneSource {
  #phase = 0;
  #phaseStep = 0;
  #level = 0;
  #samplesLeft = 0;
  #nextHz = 0;
  #nextSamples = 0;

  /** @param hz 20 … 20,000, @param ms 60,000 at most; what is outside is brought inside */
  play(hz: number, ms: number): void {
    if (!Number.isFinite(hz) || !(ms > 0)) return;
    this.#nextHz = Math.max(toneHzMin, Math.min(toneHzMax, hz));
    this.#nextSamples = Math.round((Math.min(ms, toneMsMax) * sampleRate) / 1_000);
    this.#samplesLeft = Math.min(this.#samplesLeft, 0);
  }

  /**
   * Adds it to both channels.
   *
   * @param out pairs of left and right
   * @returns false where there is nothing to add
   */
  addTo(out: Float32Array): boolean {
    if (this.#level === 0 && this.#samplesLeft === 0 && this.#nextSamples === 0) return false;
    for (let i = 0; i < out.length; i += 2) {
      if (this.#level === 0 && this.#samplesLeft === 0) this.#begin();
      const change = this.#samplesLeft > rampSamples ? 1 : -1;
      const level = this.#level + change / rampSamples;
      this.#level = level < 0.5 / rampSamples ? 0 : Math.min(1, level);
      if (this.#samplesLeft > 0) this.#samplesLeft--;
      this.#phase = (this.#phase + this.#phaseStep) % (2 * Math.PI);
      const sample = tonePeak * this.#level * Math.sin(this.#phase);
      out[i]! += sample;
      out[i + 1]! += sample;
    }
    return true;
  }

  #begin(): void {
    this.#phase = 0;
    this.#phaseStep = (2 * Math.PI * this.#nextHz) / sampleRate;
    this.#samplesLeft = this.#nextSamples;
    this.#nextSamples = 0;
  }
}
