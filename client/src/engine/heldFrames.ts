/**
 * Voice packets that cannot be opened yet, because their key is still under way on the control
 * connection: kept for a bounded time and in bounded number, in memory allocated once.
 */
export class HeldFrames {
  private readonly slots: { packet: Uint8Array; packetBytes: number; heldAtMs: number }[];
  private count = 0;

  /** @param packetBytesMax longer packets are not held. */
  constructor(
    slots: number,
    packetBytesMax: number,
    private readonly holdMs: number,
  ) {
    this.slots = Array.from({ length: slots }, () => ({
      packet: new Uint8Array(packetBytesMax),
      packetBytes: 0,
      heldAtMs: 0,
    }));
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Copies the packet. @returns false when there is no room for it. */
  hold(packet: Uint8Array, packetBytes: number, nowMs: number): boolean {
    const slot = this.slots[this.count];
    if (slot === undefined || packetBytes > slot.packet.length) return false;
    slot.packet.set(packet.subarray(0, packetBytes));
    slot.packetBytes = packetBytes;
    slot.heldAtMs = nowMs;
    this.count++;
    return true;
  }

  /**
   * Offers every held packet again, in the order in which they came. Those that `open` takes are
   * let go; those held too long go to `giveUp`. Packets are lent for the call.
   */
  retry(
    open: (packet: Uint8Array, packetBytes: number) => boolean,
    giveUp: (packet: Uint8Array) => void,
    nowMs: number,
  ): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const slot = this.slots[i]!;
      if (open(slot.packet, slot.packetBytes)) continue;
      if (nowMs - slot.heldAtMs >= this.holdMs) {
        giveUp(slot.packet);
        continue;
      }
      this.slots[i] = this.slots[kept]!;
      this.slots[kept] = slot;
      kept++;
    }
    this.count = kept;
  }
}
