import { parseBinarySchema } from './binarySchema.js';
import type { BinarySchema, TableShape, TargetShape, UnionShape } from './binarySchema.js';
import { ProtocolError } from './protocolError.js';

/** Tables within tables; a schema that nests deeper is no message but a tree. */
const depthMax = 32;

/** Root offset and file identifier. */
const headerBytes = 8;

/** The TypeScript runtime reads the sizes and offsets in a vtable as signed 16-bit integers. */
const tableBytesMax = 0x7fff;

/**
 * Verifies the structure of FlatBuffers, which the runtime's accessors trust. After `verify`, every
 * access that generated code makes for this schema stays within the buffer:
 *
 * - the file identifier is the schema's;
 * - tables, vtables, vectors and strings lie within the buffer, are aligned (relative to its
 *   start), and fields lie within their table; strings end in a zero byte;
 * - a union's value is there exactly when its type is not NONE, and has that type;
 * - tables nest at most 32 deep.
 *
 * It also refuses what would make a reader work or store more than it was sent: everything that
 * offsets lead to may together be no larger than the buffer. Every honest encoder stays below,
 * because it writes each table, vector and string once for each place that refers to it; only
 * bytes that are referred to over and over come above. So time is proportional to the buffer, and
 * nothing is allocated in proportion to what its bytes claim.
 *
 * Fields that the schema does not know are skipped, as FlatBuffers has it.
 */
export class FlatBufferVerifier {
  readonly #schema: BinarySchema;

  /** @param bfbs flatc's binary schema, trusted */
  constructor(bfbs: Uint8Array) {
    this.#schema = parseBinarySchema(bfbs);
  }

  /** @throws ProtocolError 'malformed', saying which table or field is wrong */
  verify(bytes: Uint8Array): void {
    const { fileIdentifier, root } = this.#schema;
    if (bytes.length < headerBytes) refuse('the buffer has no header');
    for (let i = 0; i < 4; i++) {
      if (bytes[4 + i] !== fileIdentifier.charCodeAt(i)) {
        refuse(`the file identifier is not ${fileIdentifier}`);
      }
    }
    new VerifyPass(bytes).root(root);
  }
}

/** Where a table and its vtable lie; both are within the buffer. */
interface TablePlace {
  readonly at: number;
  readonly tableBytes: number;
  readonly vtable: number;
  readonly vtableBytes: number;
}

/** The verification of one buffer. Positions are bytes from its start. */
class VerifyPass {
  readonly #view: DataView;
  /** What offsets may still lead to, in bytes. */
  #bytesLeft: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#bytesLeft = bytes.length - headerBytes;
  }

  root(shape: TableShape): void {
    this.#table(this.#follow(0, shape.name), shape, 1);
  }

  /** @returns where the offset at `at` leads; `at` lies within the buffer */
  #follow(at: number, name: string): number {
    const offset = this.#view.getUint32(at, true);
    if (offset === 0) refuse(`${name} is an offset of 0`);
    return at + offset;
  }

  #table(at: number, shape: TableShape, depth: number): void {
    if (depth > depthMax) refuse(`${shape.name} is nested too deep`);
    const place = this.#place(at, shape.name);
    for (const field of shape.fields) {
      const { content, inline } = field;
      const offset = this.#fieldOffset(place, field.slot);
      if (
        offset !== 0 &&
        (offset < 4 ||
          offset + inline.bytes > place.tableBytes ||
          (at + offset) % inline.alignment !== 0)
      ) {
        refuse(`${field.name} lies outside its table or is not aligned`);
      }
      if (content.kind === 'offset') {
        if (offset !== 0) this.#target(at + offset, content.target, field.name, depth);
      } else if (content.kind !== 'inline') {
        // The field of the type stands before this one and is verified.
        const typeOffset = this.#fieldOffset(place, content.typeSlot);
        const typeAt = typeOffset === 0 ? 0 : at + typeOffset;
        this.#union(typeAt, offset === 0 ? 0 : at + offset, content, field.name, depth);
      }
    }
  }

  #place(at: number, name: string): TablePlace {
    this.#within(at, 4, 4, name);
    const vtable = at - this.#view.getInt32(at, true);
    this.#within(vtable, 4, 2, name);
    const vtableBytes = this.#view.getUint16(vtable, true);
    const tableBytes = this.#view.getUint16(vtable + 2, true);
    if (vtableBytes < 4 || vtableBytes % 2 !== 0 || tableBytes < 4) {
      refuse(`the vtable of ${name} holds a wrong size`);
    }
    if (vtableBytes > tableBytesMax || tableBytes > tableBytesMax) refuse(`${name} is too large`);
    this.#within(vtable, vtableBytes, 2, name);
    this.#take(at, tableBytes, 4, name);
    return { at, tableBytes, vtable, vtableBytes };
  }

  /** @returns a field's position in its table as its vtable has it; 0 when it is absent */
  #fieldOffset(place: TablePlace, slot: number): number {
    return slot + 2 > place.vtableBytes ? 0 : this.#view.getUint16(place.vtable + slot, true);
  }

  /** @param typeAt and `valueAt`: positions of the two fields, 0 where one is absent */
  #union(
    typeAt: number,
    valueAt: number,
    { kind, members }: UnionShape,
    name: string,
    depth: number,
  ): void {
    if (kind === 'union') {
      const type = typeAt === 0 ? 0 : this.#view.getUint8(typeAt);
      if ((type === 0) !== (valueAt === 0)) refuse(`${name} and its type do not agree`);
      if (valueAt !== 0) this.#member(valueAt, type, members, name, depth);
      return;
    }
    if ((typeAt === 0) !== (valueAt === 0)) refuse(`${name} and its types do not agree`);
    if (valueAt === 0) return;
    const types = this.#follow(typeAt, name);
    const values = this.#follow(valueAt, name);
    const count = this.#count(values, name);
    if (this.#count(types, name) !== count) refuse(`${name} and its types do not agree`);
    this.#take(values, 4 + 4 * count, 4, name);
    for (let i = 0; i < count; i++) {
      const type = this.#view.getUint8(types + 4 + i);
      this.#member(values + 4 + 4 * i, type, members, name, depth);
    }
  }

  #member(
    at: number,
    type: number,
    members: UnionShape['members'],
    name: string,
    depth: number,
  ): void {
    const member = members[type];
    if (member === undefined) refuse(`${name} has the unknown type ${type}`);
    this.#target(at, member, name, depth);
  }

  /** Verifies what the offset at `from` leads to. */
  #target(from: number, target: TargetShape, name: string, depth: number): void {
    const at = this.#follow(from, name);
    switch (target.kind) {
      case 'table':
        this.#table(at, target.table, depth + 1);
        return;
      case 'struct':
        this.#take(at, target.inline.bytes, target.inline.alignment, name);
        return;
      case 'string': {
        const bytes = this.#count(at, name);
        this.#take(at, 4 + bytes + 1, 4, name);
        if (this.#view.getUint8(at + 4 + bytes) !== 0)
          refuse(`${name} has no zero byte at its end`);
        return;
      }
      case 'vector': {
        const { element, inline } = target;
        const count = this.#count(at, name);
        this.#take(at, 4 + count * inline.bytes, 4, name);
        if ((at + 4) % inline.alignment !== 0) refuse(`the elements of ${name} are not aligned`);
        if (element === null) return;
        for (let i = 0; i < count; i++) this.#target(at + 4 + 4 * i, element, name, depth);
      }
    }
  }

  /** @returns the length that a vector or string begins with: elements, not bytes */
  #count(at: number, name: string): number {
    this.#within(at, 4, 4, name);
    return this.#view.getUint32(at, true);
  }

  /** Takes what an offset leads to from what offsets may still lead to. */
  #take(at: number, bytes: number, alignment: number, name: string): void {
    this.#within(at, bytes, alignment, name);
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) refuse('the same bytes are referred to over and over');
  }

  #within(at: number, bytes: number, alignment: number, name: string): void {
    if (at < 0 || at + bytes > this.#view.byteLength || at % alignment !== 0) {
      refuse(`${name} lies outside the buffer or is not aligned`);
    }
  }
}

function refuse(message: string): never {
  throw new ProtocolError('malformed', message);
}
