import { blockModule, eventExport, hostModule } from '../abi.js';

/** WebAssembly core specification 2.0, section 5: what tests write of it by hand. */
export const op = {
  unreachable: [0x00],
  loop: [0x03, 0x40],
  end: [0x0b],
  br0: [0x0c, 0x00],
  drop: [0x1a],
  localGet0: [0x20, 0x00],
  localSet0: [0x21, 0x00],
  i32: (value: number) => [0x41, ...signed(BigInt(value))],
  i64: (value: bigint) => [0x42, ...signed(value)],
  call: (index: number) => [0x10, ...unsigned(index)],
  memoryGrow: [0x40, 0x00],
  i32Eqz: [0x45],
  i32Eq: [0x46],
  ifThen: [0x04, 0x40],
  i64Add: [0x7c],
} as const;

/** Of functions, in the order of their numbers. */
const types = {
  none: [0x60, 0, 0],
  i64ToI64: [0x60, 1, 0x7e, 1, 0x7e],
  i64ToNone: [0x60, 1, 0x7e, 0],
  i64I32ToNone: [0x60, 2, 0x7e, 0x7f, 0],
  toI32: [0x60, 0, 1, 0x7f],
  toI64: [0x60, 0, 1, 0x7e],
} as const;
type TypeName = keyof typeof types;
const typeNames = Object.keys(types) as TypeName[];

/** A function that a module takes from outside; its number is its place in the list. */
export interface BuiltImport {
  readonly module: string;
  readonly name: string;
  readonly type: TypeName;
}

export const hostImport = (name: string): BuiltImport => ({
  ...{ module: hostModule, name, type: 'i64ToI64' },
});
export const allocImport: BuiltImport = { module: blockModule, name: 'alloc', type: 'i64ToI64' };
export const storeImport: BuiltImport = {
  ...{ module: blockModule, name: 'store_u8', type: 'i64I32ToNone' },
};
export const logImport: BuiltImport = { module: blockModule, name: 'log_info', type: 'i64ToNone' };

export const inputLengthImport: BuiltImport = {
  ...{ module: blockModule, name: 'input_length', type: 'toI64' },
};

export interface ModuleParts {
  readonly imports?: readonly BuiltImport[];
  /** Bytes of limits: flags, least, most. */
  readonly memory?: readonly number[] | null;
  readonly table?: readonly number[];
  /** Of `onEvent`, which has one local number of 64 bits; before it returns 0. */
  readonly body?: readonly (readonly number[])[];
  readonly exportName?: string;
  /** Of `onEvent`, of 32 bits, beside the one that it has. */
  readonly localsMore?: number;
  /** Whole sections that come after all others. */
  readonly sections?: readonly (readonly [id: number, content: readonly number[]])[];
  /** Is run when the module is made. */
  readonly startBody?: readonly (readonly number[])[];
}

/** Builds a module with one exported function, byte by byte. */
export function buildModule(parts: ModuleParts = {}): Uint8Array {
  const { imports = [], memory = [1, 1, 16], table, body = [], startBody } = parts;
  const { exportName = eventExport, localsMore = 0, sections = [] } = parts;
  const index = imports.length;
  const bodies = [function0([...body.flat(), ...op.i32(0)], localsMore)];
  if (startBody !== undefined) bodies.push(function0(startBody.flat()));
  const functionTypes = [typeNames.indexOf('toI32')];
  if (startBody !== undefined) functionTypes.push(typeNames.indexOf('none'));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(Object.values(types).map((type) => [...type]))),
    ...section(2, vector(imports.map(importBytes))),
    ...section(3, vector(functionTypes.map((type) => [type]))),
    ...(table === undefined ? [] : section(4, vector([[0x70, ...table]]))),
    ...(memory === null ? [] : section(5, vector([[...memory]]))),
    ...section(7, vector([[...text(exportName), 0x00, ...unsigned(index)]])),
    ...(startBody === undefined ? [] : section(8, unsigned(index + 1))),
    ...section(10, vector(bodies)),
    ...sections.flatMap(([id, content]) => section(id, content)),
  ]);
}

/**
 * Code that hands a text to a function of the host and drops its answer. The module imports `alloc`
 * first and `store_u8` second.
 */
export function saying(functionIndex: number, said: string): number[] {
  const bytes = [...new TextEncoder().encode(said)];
  const stores = bytes.flatMap((byte, at) => [
    ...[...op.localGet0, ...op.i64(BigInt(at)), ...op.i64Add, ...op.i32(byte), ...op.call(1)],
  ]);
  return [
    ...[...op.i64(BigInt(bytes.length)), ...op.call(0), ...op.localSet0, ...stores],
    ...[...op.localGet0, ...op.call(functionIndex)],
  ];
}

/** Goes round without end. */
export const endless: readonly number[] = [...op.loop, ...op.br0, ...op.end];

/** Calls itself in its own place (`return_call`): no stack comes to an end. Without imports. */
export const endlessTailCalls: readonly number[] = [0x12, ...unsigned(0)];

function importBytes({ module, name, type }: BuiltImport): number[] {
  return [...text(module), ...text(name), 0x00, typeNames.indexOf(type)];
}

/** A function body with one local of 64 bits, and more of 32. */
function function0(code: readonly number[], localsMore = 0): number[] {
  const locals = localsMore === 0 ? [1, 1, 0x7e] : [2, 1, 0x7e, ...unsigned(localsMore), 0x7f];
  const whole = locals.concat(code, op.end);
  return unsigned(whole.length).concat(whole);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left];
    bytes.push((left % 128) | 0x80);
  }
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    const low = Number(left & 0x7fn);
    const isLast = left >= -64n && left < 64n;
    if (isLast) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}
