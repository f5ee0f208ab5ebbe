import type { SoundUse } from '../soundUse.js';

/** Where the buffer of these modules lies. */
const bufferAt = 1_024;

export interface SoundWasmOptions {
  readonly use?: SoundUse;
  /** Of 64 KiB; null: no maximum is declared. */
  readonly pagesMax?: number | null;
  /** What `soundBuffer` answers. */
  readonly bufferAt?: number;
  /** Run when the module is loaded. */
  readonly start?: readonly number[];
  /** Of `onKey`, which is not there where it is left out. */
  readonly onKey?: readonly number[];
  /** A function that it wants of its host, as `[module, name]`. */
  readonly import?: readonly [string, string];
}

/**
 * A module that changes sound, put together by hand: what authors' compilers never make can be
 * tested, and nothing has to be compiled.
 *
 * @param body instructions of `processVoice` or `processSpeaker`; of `soundBodies`
 */
export function soundWasm(body: readonly number[], options: SoundWasmOptions = {}): Uint8Array {
  const { use = 'capture', pagesMax = 2, start, onKey, import: wanted } = options;
  const isVoice = use === 'capture';
  // The function that is imported comes before all others.
  const first = wanted === undefined ? 0 : 1;
  const types = [
    [0x60, 0, 1, i32],
    isVoice ? [0x60, 1, i32, 0] : [0x60, 2, i32, i32, 0],
    [0x60, 0, 0],
    [0x60, 2, i32, i32, 0],
  ];
  const imports = wanted === undefined ? [] : [[...text(wanted[0]), ...text(wanted[1]), 0, 2]];
  // By their types.
  const functions = [
    ...[[0], [1]],
    ...(start === undefined ? [] : [[2]]),
    ...(onKey === undefined ? [] : [[3]]),
  ];
  const memory = pagesMax === null ? [0, 1] : [1, 1, ...leb(pagesMax)];
  const exports = [
    [...text('memory'), 2, 0],
    [...text('soundBuffer'), 0, first],
    [...text(isVoice ? 'processVoice' : 'processSpeaker'), 0, first + 1],
    ...(onKey === undefined ? [] : [[...text('onKey'), 0, first + functions.length - 1]]),
  ];
  const codes = [
    code([0x41, ...leb(options.bufferAt ?? bufferAt)], 0),
    code(body, 1),
    ...(start === undefined ? [] : [code(start, 1)]),
    ...(onKey === undefined ? [] : [code(onKey, 0)]),
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...(imports.length === 0 ? [] : section(2, imports)),
    ...section(3, functions),
    ...section(5, [memory]),
    ...section(7, exports),
    ...(start === undefined ? [] : [8, 1, first + 2]),
    ...section(10, codes),
  ]);
}

const i32 = 0x7f;
/** Of a voice's function the samples are its first value, its own number the second. */
const [samplesLocal, countLocal] = [0, 1];

/** Bodies for `soundWasm`, where not said otherwise of `capture`. */
export const soundBodies = {
  nothing: [] as readonly number[],
  /** Of a plugin for each speaker: its slot becomes the first sample. */
  writeSlot: [0x41, 0, 0x20, 0, 0xb2, ...store()],
  /** Of `onKey`: counts in eighths how often any key went down … */
  countDown: [0x41, 0, 0x41, 0, 0x2a, 2, 16, 0x20, 1, 0xb2, ...f32(0.125), 0x94, 0x92, 0x38, 2, 16],
  /** … and the first sample tells it. */
  sayKeys: [0x41, 0, 0x41, 0, 0x2a, 2, 16, ...store()],
  trap: [0x00],
  spin: [0x03, 0x40, 0x0c, 0, 0x0b],
  /** Calls itself for ever; function 1 is the one that has it as its body. */
  recurse: [0x20, 0, 0x10, 1],
  /** One page more with each call, as far as it gets. */
  grow: [0x41, 1, 0x40, 0, 0x1a],
  notANumber: [0x41, 0, 0x43, 0, 0, 0xc0, 0x7f, ...store()],
  /** Every sample times `gain`. */
  gain: (gain: number): readonly number[] => [
    ...[0x03, 0x40, ...sampleAddress, ...sampleAddress, ...load(), ...f32(gain), 0x94, ...store()],
    ...[0x20, countLocal, 0x41, 1, 0x6a, 0x22, countLocal, 0x20, samplesLocal, 0x49, 0x0d, 0, 0x0b],
  ],
  /** Nothing is left of the buffer. */
  silence: [0x41, ...leb(bufferAt), 0x41, 0, 0x41, ...leb(960 * 4), 0xfc, 0x0b, 0],
  /** Counts to `turns`. */
  work: (turns: number): readonly number[] => [
    ...[0x03, 0x40, 0x20, countLocal, 0x41, 1, 0x6a, 0x22, countLocal],
    ...[0x41, ...leb(turns), 0x49, 0x0d, 0, 0x0b],
  ],
  /** `body` where the first sample is above 0.9. */
  whenLoud: (body: readonly number[]): readonly number[] => [
    ...[0x41, 0, ...load(), ...f32(0.9), 0x5e, 0x04, 0x40, ...body, 0x0b],
  ],
} as const;

const sampleAddress = [0x20, countLocal, 0x41, 4, 0x6c];

function load(): readonly number[] {
  return [0x2a, 2, ...leb(bufferAt)];
}

function store(): readonly number[] {
  return [0x38, 2, ...leb(bufferAt)];
}

function f32(value: number): readonly number[] {
  return [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
}

function code(body: readonly number[], locals: number): readonly number[] {
  const declared = locals === 0 ? [0] : [1, locals, i32];
  const bytes = [...declared, ...body, 0x0b];
  return [...leb(bytes.length), ...bytes];
}

function section(id: number, entries: readonly (readonly number[])[]): readonly number[] {
  const bytes = [...leb(entries.length), ...entries.flat()];
  return [id, ...leb(bytes.length), ...bytes];
}

function text(name: string): readonly number[] {
  return [name.length, ...Buffer.from(name)];
}

/** LEB128 that reads as the same with and without a sign. */
function leb(value: number): readonly number[] {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 64) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
