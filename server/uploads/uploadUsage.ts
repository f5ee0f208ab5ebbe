import type { Uuid } from '@rookery/schemas/messages';
import type { UploadLimits } from '../uploadLimits.js';

type Charged = { readonly userId: Uuid; readonly sizeBytes: number };

/** How much is kept of whom. Everybody is charged for what they uploaded, shared or not. Pure. */
export class UploadUsage {
  readonly #limits: UploadLimits;
  readonly #bytesOfUser = new Map<Uuid, number>();
  #bytes = 0;

  constructor(limits: UploadLimits) {
    this.#limits = limits;
  }

  /** Of all users. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns whose quota has no place for it; null where it fits */
  refuses({ userId, sizeBytes }: Charged): 'user' | 'server' | null {
    const { userBytesMax, serverBytesMax } = this.#limits;
    const charge = this.#charge(sizeBytes);
    if ((this.#bytesOfUser.get(userId) ?? 0) + charge > userBytesMax) return 'user';
    return this.#bytes + charge > serverBytesMax ? 'server' : null;
  }

  add({ userId, sizeBytes }: Charged): void {
    this.#change(userId, this.#charge(sizeBytes));
  }

  remove({ userId, sizeBytes }: Charged): void {
    this.#change(userId, -this.#charge(sizeBytes));
  }

  #change(userId: Uuid, bytes: number): void {
    this.#bytes += bytes;
    const bytesOfUser = (this.#bytesOfUser.get(userId) ?? 0) + bytes;
    if (bytesOfUser === 0) this.#bytesOfUser.delete(userId);
    else this.#bytesOfUser.set(userId, bytesOfUser);
  }

  #charge(sizeBytes: number): number {
    return Math.max(sizeBytes, this.#limits.chargedBytesMin);
  }
}
