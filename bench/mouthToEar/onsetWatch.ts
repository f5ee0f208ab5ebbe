/** What is quieter is silence, of full scale: the sound is far louder, also once it was coded. */
const audible = 0.04;
/** Silence of so many samples and more lies before an onset. */
const silenceSamplesMin = 9_600;

/** Finds where sound begins after a pause. One channel at 48 kHz; allocates nothing. */
export class OnsetWatch {
  /** As if it had been silent for long. */
  #silentSamples = silenceSamplesMin;

  /** @returns whether the sound begins with this sample */
  next(sample: number): boolean {
    if (Math.abs(sample) < audible) {
      this.#silentSamples++;
      return false;
    }
    const isOnset = this.#silentSamples >= silenceSamplesMin;
    this.#silentSamples = 0;
    return isOnset;
  }
}
