import type { WhisperKey } from '@rookery/schemas/messages';

const epochs = 256;
/** Keys that are kept; the oldest makes room, so that nobody can fill the memory. */
const keysMax = 4_096;

/** The keys that others whisper to us with. Pure. */
export class WhisperKeys {
  /** By token and epoch; in the order in which they came. */
  private readonly keys = new Map<number, Uint8Array>();

  addKey({ senderToken, epoch, key }: WhisperKey): void {
    const name = nameOf(senderToken, epoch);
    this.keys.delete(name);
    this.keys.set(name, key);
    for (const oldest of this.keys.keys()) {
      if (this.keys.size <= keysMax) return;
      this.keys.delete(oldest);
    }
  }

  /** The key of a sender's epoch, or null. Does not allocate. */
  openingKey(senderToken: number, epoch: number): Uint8Array | null {
    return this.keys.get(nameOf(senderToken, epoch)) ?? null;
  }
}

/** Below 2^40, so exact. */
function nameOf(senderToken: number, epoch: number): number {
  return senderToken * epochs + epoch;
}
