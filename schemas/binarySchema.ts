import { ByteBuffer } from 'flatbuffers';

/**
 * What a structural verifier has to know of a FlatBuffers schema, read from flatc's binary schema
 * (bfbs). The layout of a bfbs is itself a FlatBuffers schema, `reflection/reflection.fbs` in the
 * FlatBuffers repository; field numbers and type codes below are those of that file.
 */
export interface BinarySchema {
  /** Four ASCII characters at byte 4 of every buffer. */
  readonly fileIdentifier: string;
  readonly root: TableShape;
}

export interface TableShape {
  readonly name: string;
  /** In ascending order of their slots, so a union stands after the field that holds its type. */
  readonly fields: readonly FieldShape[];
}

export interface FieldShape {
  /** `Table.field`, for errors. */
  readonly name: string;
  /** Byte offset of the field's entry in the vtable. */
  readonly slot: number;
  /** What lies in the table itself: the value, or an offset to it. */
  readonly inline: InlineShape;
  readonly content: ContentShape;
}

/** Bytes of fixed number and alignment: a scalar, an enum, a struct or an offset. */
export interface InlineShape {
  readonly bytes: number;
  readonly alignment: number;
}

export type ContentShape =
  | { readonly kind: 'inline' }
  | { readonly kind: 'offset'; readonly target: TargetShape }
  | UnionShape;

/** An offset to one value, or to a vector of offsets to values, whose type another field says. */
export interface UnionShape {
  readonly kind: 'union' | 'unionVector';
  /** Slot of the field that holds the type, or the vector of types. */
  readonly typeSlot: number;
  /** By type; undefined for NONE and for a type that is not a member. */
  readonly members: readonly (TargetShape | undefined)[];
}

/** What an offset leads to. */
export type TargetShape =
  | { readonly kind: 'string' }
  | { readonly kind: 'struct'; readonly inline: InlineShape }
  | { readonly kind: 'table'; readonly table: TableShape }
  | {
      readonly kind: 'vector';
      readonly inline: InlineShape;
      /** What the elements lead to; null where they are values themselves. */
      readonly element: TargetShape | null;
    };

/** Sizes by BaseType: bool to double are 1 to 12, UType is 1. */
const scalarBytes = [0, 1, 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8];
const BaseType = { Double: 12, String: 13, Vector: 14, Object: 15, Union: 16 } as const;

/** Field numbers of the tables of reflection.fbs. */
const schemaFields = { objects: 0, enums: 1, fileIdentifier: 2, rootTable: 4 } as const;
const objectFields = { name: 0, fields: 1, isStruct: 2, minAlign: 3, byteSize: 4 } as const;
const fieldFields = { name: 0, type: 1, id: 2, offset: 3, offset64: 13 } as const;
const typeFields = { baseType: 0, element: 1, index: 2 } as const;
const enumFields = { values: 1 } as const;
const enumValueFields = { value: 1, unionType: 3 } as const;

const offsetInline: InlineShape = { bytes: 4, alignment: 4 };

/**
 * @param bfbs flatc's output, which is trusted: it is part of the program
 * @throws Error for what the verifier does not know (64-bit offsets, a schema without a root table
 *   or a file identifier)
 */
export function parseBinarySchema(bfbs: Uint8Array): BinarySchema {
  const buffer = new ByteBuffer(bfbs);
  const schema = new ReflectedTable(buffer, buffer.readUint32(0));
  const fileIdentifier = schema.text(schemaFields.fileIdentifier);
  const root = schema.table(schemaFields.rootTable);
  if (fileIdentifier.length !== 4 || root === null) {
    throw new Error('the schema needs a root table and a file identifier');
  }
  const objects = schema.tables(schemaFields.objects);
  const shapes = new ShapeBuilder(objects, schema.tables(schemaFields.enums));
  const rootName = root.text(objectFields.name);
  const index = objects.findIndex((object) => object.text(objectFields.name) === rootName);
  return { fileIdentifier, root: shapes.table(index) };
}

/** Builds each table's shape once, so that tables may refer to each other in circles. */
class ShapeBuilder {
  readonly #objects: readonly ReflectedTable[];
  readonly #enums: readonly ReflectedTable[];
  readonly #tables = new Map<number, TableShape>();

  constructor(objects: readonly ReflectedTable[], enums: readonly ReflectedTable[]) {
    this.#objects = objects;
    this.#enums = enums;
  }

  table(index: number): TableShape {
    const known = this.#tables.get(index);
    if (known !== undefined) return known;
    const object = this.#objects[index]!;
    const fields: FieldShape[] = [];
    const shape: TableShape = { name: object.text(objectFields.name), fields };
    this.#tables.set(index, shape);
    for (const field of object.tables(objectFields.fields)) {
      fields.push(this.#field(shape.name, field));
    }
    fields.sort((a, b) => a.slot - b.slot);
    return shape;
  }

  #field(tableName: string, field: ReflectedTable): FieldShape {
    const name = `${tableName}.${field.text(fieldFields.name)}`;
    if (field.uint8(fieldFields.offset64) !== 0) throw new Error(`${name} has a 64-bit offset`);
    const slot = field.uint16(fieldFields.offset);
    const type = field.table(fieldFields.type)!;
    const base = type.uint8(typeFields.baseType);
    return { name, slot, inline: this.#inline(base, type), content: this.#content(slot, type) };
  }

  #content(slot: number, type: ReflectedTable): ContentShape {
    const base = type.uint8(typeFields.baseType);
    const element = type.uint8(typeFields.element);
    const isVector = base === BaseType.Vector;
    if ((isVector ? element : base) === BaseType.Union) {
      // flatc puts the field that holds the type right before the one that holds the value.
      const members = this.#members(type.int32(typeFields.index));
      return { kind: isVector ? 'unionVector' : 'union', typeSlot: slot - 2, members };
    }
    const target = isVector ? this.#vector(element, type) : this.#target(base, type);
    return target === null ? { kind: 'inline' } : { kind: 'offset', target };
  }

  #vector(element: number, type: ReflectedTable): TargetShape {
    return {
      kind: 'vector',
      inline: this.#inline(element, type),
      element: this.#target(element, type),
    };
  }

  /** @returns null for a value that needs no offset */
  #target(base: number, type: ReflectedTable): TargetShape | null {
    if (base <= BaseType.Double) return null;
    if (base === BaseType.String) return { kind: 'string' };
    if (base !== BaseType.Object) throw new Error(`base type ${base} cannot be verified`);
    const index = type.int32(typeFields.index);
    return this.#isStruct(index) ? null : { kind: 'table', table: this.table(index) };
  }

  #members(enumIndex: number): (TargetShape | undefined)[] {
    const members: (TargetShape | undefined)[] = [];
    for (const value of this.#enums[enumIndex]!.tables(enumFields.values)) {
      const type = value.table(enumValueFields.unionType);
      const base = type?.uint8(typeFields.baseType) ?? 0;
      if (type === null || base === 0) continue;
      // A struct lies in a table that has one as its field, but a union leads to it by an offset.
      members[value.uint8(enumValueFields.value)] = this.#target(base, type) ?? {
        kind: 'struct',
        inline: this.#inline(base, type),
      };
    }
    return members;
  }

  #inline(base: number, type: ReflectedTable): InlineShape {
    if (base <= BaseType.Double)
      return { bytes: scalarBytes[base]!, alignment: scalarBytes[base]! };
    const index = type.int32(typeFields.index);
    if (base !== BaseType.Object || !this.#isStruct(index)) return offsetInline;
    const struct = this.#objects[index]!;
    return {
      bytes: struct.int32(objectFields.byteSize),
      alignment: struct.int32(objectFields.minAlign),
    };
  }

  #isStruct(index: number): boolean {
    return this.#objects[index]!.uint8(objectFields.isStruct) !== 0;
  }
}

/** A table of the bfbs, its fields read by number, with the schema's defaults where absent. */
class ReflectedTable {
  readonly #buffer: ByteBuffer;
  readonly #at: number;

  constructor(buffer: ByteBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  uint8(field: number): number {
    const at = this.#find(field);
    return at === 0 ? 0 : this.#buffer.readUint8(at);
  }

  uint16(field: number): number {
    const at = this.#find(field);
    return at === 0 ? 0 : this.#buffer.readUint16(at);
  }

  int32(field: number): number {
    const at = this.#find(field);
    return at === 0 ? 0 : this.#buffer.readInt32(at);
  }

  text(field: number): string {
    const at = this.#find(field);
    return at === 0 ? '' : (this.#buffer.__string(at) as string);
  }

  table(field: number): ReflectedTable | null {
    const at = this.#find(field);
    return at === 0 ? null : new ReflectedTable(this.#buffer, this.#buffer.__indirect(at));
  }

  tables(field: number): ReflectedTable[] {
    const at = this.#find(field);
    if (at === 0) return [];
    const start = this.#buffer.__vector(at);
    return Array.from(
      { length: this.#buffer.__vector_len(at) },
      (_, i) => new ReflectedTable(this.#buffer, this.#buffer.__indirect(start + 4 * i)),
    );
  }

  /** Position of a field's bytes, 0 when it is absent. */
  #find(field: number): number {
    const offset = this.#buffer.__offset(this.#at, 4 + 2 * field);
    return offset === 0 ? 0 : this.#at + offset;
  }
}
