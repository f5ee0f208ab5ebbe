interface Entry<T> {
  readonly id: Uint8Array;
  readonly owner: T;
  next: Entry<T> | null;
}

/**
 * Finds the connection that a packet is for by its destination connection id. All ids in it are
 * random ones that this endpoint made, so that their first bytes are hash enough and no peer can
 * aim at one chain.
 *
 * `find` allocates nothing.
 */
export class ConnectionIdTable<T> {
  readonly #chains = new Map<number, Entry<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param id at least 4 bytes; kept */
  add(id: Uint8Array, owner: T): void {
    const hash = hashOf(id, 0);
    this.#chains.set(hash, { id, owner, next: this.#chains.get(hash) ?? null });
    this.#size++;
  }

  /** The owner of the id `packet[offset .. offset + idBytes)`. */
  find(packet: Uint8Array, offset: number, idBytes: number): T | undefined {
    if (idBytes < 4) return undefined;
    let entry = this.#chains.get(hashOf(packet, offset)) ?? null;
    while (entry !== null && !equals(entry.id, packet, offset, idBytes)) entry = entry.next;
    return entry?.owner;
  }

  remove(id: Uint8Array): void {
    const hash = hashOf(id, 0);
    const head = this.#chains.get(hash) ?? null;
    const rest = without(head, id);
    if (rest !== head) this.#size--;
    if (rest === null) this.#chains.delete(hash);
    else this.#chains.set(hash, rest);
  }
}

/** 30 bits, which JavaScript engines keep as a plain small integer. */
function hashOf(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset]! & 0x3f) << 24) |
    (bytes[offset + 1]! << 16) |
    (bytes[offset + 2]! << 8) |
    bytes[offset + 3]!
  );
}

function equals(id: Uint8Array, packet: Uint8Array, offset: number, idBytes: number): boolean {
  if (id.length !== idBytes) return false;
  for (let i = 0; i < idBytes; i++) if (id[i] !== packet[offset + i]) return false;
  return true;
}

function without<T>(head: Entry<T> | null, id: Uint8Array): Entry<T> | null {
  if (head === null) return null;
  if (equals(head.id, id, 0, id.length)) return head.next;
  const next = without(head.next, id);
  return next === head.next ? head : { id: head.id, owner: head.owner, next };
}
