import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { stepSamples } from '../../audioLimits.js';
import { tapBodyAt, TapKind, tapRecordBytesMax, writeTapHead } from '../../playback/voiceTap.js';

/** Says what a tap of the playback thread would. */
export class TapRecords {
  readonly memory: SharedArrayBuffer;
  private readonly ring: SpscRecordRing;
  private readonly record = new Uint8Array(tapRecordBytesMax);

  constructor(ringBytes: number) {
    this.memory = createRecordRing(ringBytes);
    this.ring = new SpscRecordRing(this.memory);
  }

  /** @returns whether it found room, as the others do */
  name(token: number, displayName: string): boolean {
    return this.push(TapKind.Name, 0, token, new TextEncoder().encode(displayName));
  }

  /** A step of one speaker, all samples the same. */
  voice(step: number, token: number, sample: number): boolean {
    return this.push(
      TapKind.Voice,
      step,
      token,
      pcm(stepSamples, () => sample),
    );
  }

  /** A step of the mix, all samples of a side the same. */
  mix(step: number, left: number, right: number): boolean {
    return this.push(
      TapKind.Mix,
      step,
      0,
      pcm(2 * stepSamples, (i) => (i % 2 === 0 ? left : right)),
    );
  }

  wake(): void {
    this.ring.header.wake();
  }

  private push(kind: TapKind, step: number, token: number, body: Uint8Array): boolean {
    writeTapHead(new DataView(this.record.buffer), kind, step, token);
    this.record.set(body, tapBodyAt);
    return this.ring.push(this.record, tapBodyAt + body.length, 0);
  }
}

function pcm(samples: number, sampleAt: (index: number) => number): Uint8Array {
  const values = Int16Array.from({ length: samples }, (_, i) => sampleAt(i));
  return new Uint8Array(values.buffer);
}
