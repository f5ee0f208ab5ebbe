import { PluginError } from './errors.js';

/** Bounds of a memory (pages of 64 KiB) or a table (entries). */
export interface GrowthBounds {
  readonly min: number;
  /** null where it may grow without end. */
  readonly max: number | null;
}

export interface ModuleMemory extends GrowthBounds {
  readonly isShared: boolean;
}

export type ExternalKind = 'function' | 'table' | 'memory' | 'global' | 'other';

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
}

export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternalKind;
}

/** What a compiler has to deal with at once: the most that any function has. */
export interface FunctionExtremes {
  bytes: number;
  locals: number;
  results: number;
}

/** What a module of WebAssembly says of itself before any of it runs. */
export interface ModuleShape {
  readonly functions: Readonly<FunctionExtremes>;
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  readonly memories: readonly ModuleMemory[];
  readonly tables: readonly GrowthBounds[];
}

/** WebAssembly core specification 2.0, section 5.5: the magic word and the version. */
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

const sectionIds = { type: 1, import: 2, table: 4, memory: 5, export: 7, code: 10 } as const;

/** The count of data segments. What has higher numbers came later: exceptions, and more. */
const lastSectionId = 12;

/** Of a type that is a function's. Others make objects that no limit holds. */
const functionForm = 0x60;

const kinds: readonly ExternalKind[] = ['function', 'table', 'memory', 'global'];

/** Types of references that a table of today's compilers holds: funcref and externref. */
const referenceTypes = [0x70, 0x6f];

/** Bits of limits: a maximum follows; shared. Others (as of 64 bits) are refused. */
const limitBits = { max: 0x01, shared: 0x02 } as const;

/**
 * Reads what is asked before a module is compiled. Costs what the module's tables are long; of its
 * code only the sizes are read.
 *
 * @param bytes the module, whose size is bounded by the caller
 * @throws PluginError `badModule` for what is no module, or holds what is not known here
 */
export function readModuleShape(bytes: Uint8Array): ModuleShape {
  const reader = new ByteReader(bytes, 0, bytes.length);
  if (!header.every((byte) => reader.byte() === byte)) {
    throw badModule('it is no module of WebAssembly version 1');
  }
  const shape = {
    ...{ imports: [], exports: [], memories: [], tables: [] },
    functions: { bytes: 0, locals: 0, results: 0 },
  } as ReadShape;
  while (!reader.isAtEnd) {
    const id = reader.byte();
    if (id > lastSectionId) throw badModule(`it has a section (${id}) that plugins may not have`);
    readSection(id, reader.part(reader.u32()), shape);
  }
  return shape;
}

interface ReadShape extends ModuleShape {
  readonly imports: ModuleImport[];
  readonly exports: ModuleExport[];
  readonly memories: ModuleMemory[];
  readonly tables: GrowthBounds[];
  readonly functions: FunctionExtremes;
}

/** Others are nothing that is asked. */
function readSection(id: number, section: ByteReader, shape: ReadShape): void {
  const { imports, exports, memories, tables, functions } = shape;
  if (id === sectionIds.type) readList(section, () => readType(section, functions));
  else if (id === sectionIds.import) readList(section, () => imports.push(readImport(section)));
  else if (id === sectionIds.table) readList(section, () => tables.push(readTable(section)));
  else if (id === sectionIds.memory) readList(section, () => memories.push(readMemory(section)));
  else if (id === sectionIds.export) readList(section, () => exports.push(readExport(section)));
  else if (id === sectionIds.code) readList(section, () => readBody(section, functions));
}

/** A vector that fills its section. */
function readList(section: ByteReader, read: () => unknown): void {
  const count = section.u32();
  // Each item is a byte at least, so a false count ends at the end of the section.
  for (let index = 0; index < count; index += 1) read();
  if (!section.isAtEnd) throw badModule('a section is longer than what it holds');
}

function readType(reader: ByteReader, most: FunctionExtremes): void {
  if (reader.byte() !== functionForm) throw badModule('it has types that plugins may not have');
  for (let left = reader.u32(); left > 0; left -= 1) readValueType(reader);
  const results = reader.u32();
  for (let left = results; left > 0; left -= 1) readValueType(reader);
  most.results = Math.max(most.results, results);
}

/** Numbers, vectors and the two old kinds of references: 0x6f … 0x7f, a byte each. */
function readValueType(reader: ByteReader): void {
  const type = reader.byte();
  if (type < 0x6f || type > 0x7f) throw badModule('it has types that plugins may not have');
}

/** Of a function only how long it is, and how many locals it declares. */
function readBody(reader: ByteReader, most: FunctionExtremes): void {
  const bytes = reader.u32();
  const body = reader.part(bytes);
  let locals = 0;
  for (let left = body.u32(); left > 0; left -= 1) {
    locals += body.u32();
    readValueType(body);
  }
  most.bytes = Math.max(most.bytes, bytes);
  most.locals = Math.max(most.locals, locals);
}

function readImport(reader: ByteReader): ModuleImport {
  const [module, name] = [reader.text(), reader.text()];
  const kind = kinds[reader.byte()] ?? 'other';
  // What follows for other kinds is not read, because a plugin may import functions alone.
  if (kind !== 'function') throw badModule(`it imports a ${kind} ("${module}" "${name}")`);
  reader.u32();
  return { module, name, kind };
}

function readExport(reader: ByteReader): ModuleExport {
  const name = reader.text();
  const kind = kinds[reader.byte()] ?? 'other';
  reader.u32();
  return { name, kind };
}

function readMemory(reader: ByteReader): ModuleMemory {
  const flags = reader.byte();
  if ((flags & ~(limitBits.max | limitBits.shared)) !== 0) {
    throw badModule('its memory is of a kind that plugins may not have');
  }
  const isShared = (flags & limitBits.shared) !== 0;
  return { ...readBounds(reader, flags), isShared };
}

function readTable(reader: ByteReader): GrowthBounds {
  if (!referenceTypes.includes(reader.byte())) {
    throw badModule('its table is of a kind that plugins may not have');
  }
  const flags = reader.byte();
  if ((flags & ~limitBits.max) !== 0) {
    throw badModule('its table is of a kind that plugins may not have');
  }
  return readBounds(reader, flags);
}

function readBounds(reader: ByteReader, flags: number): GrowthBounds {
  const min = reader.u32();
  return { min, max: (flags & limitBits.max) === 0 ? null : reader.u32() };
}

/** Reads within its bounds, or throws. */
class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  byte(): number {
    if (this.isAtEnd) throw badModule('it ends in the middle');
    return this.#bytes[this.#at++]!;
  }

  /** LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) !== 0) continue;
      if (value >= 2 ** 32) break;
      return value;
    }
    throw badModule('a number in it is out of range');
  }

  part(length: number): ByteReader {
    const start = this.#at;
    if (length > this.#end - start) throw badModule('it ends in the middle');
    this.#at = start + length;
    return new ByteReader(this.#bytes, start, this.#at);
  }

  text(): string {
    const length = this.u32();
    const start = this.#at;
    this.part(length);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(
        this.#bytes.subarray(start, start + length),
      );
    } catch {
      throw badModule('a name in it is no UTF-8');
    }
  }
}

function badModule(why: string): PluginError {
  return new PluginError(
    'badModule',
    `plugin.wasm cannot be used: ${why}. Its author can build it as docs/plugins.md tells.`,
  );
}
