import { describe, expect, test } from 'vitest';
import { examineModule } from './examineModule.js';
import { pluginLimits } from './limits.js';
import { buildModule, hostImport, op, type ModuleParts } from './testing/wasmBuilder.js';

const examine = (module: Uint8Array): unknown => examineModule(module, pluginLimits, ['onEvent']);

describe('a module', () => {
  test('that declares its memory and imports what there is, is taken', () => {
    const module = buildModule({ imports: [hostImport('sendText')], table: [1, 1, 1] });
    expect(examine(module)).toMatchObject({ memories: [{ min: 1, max: 16, isShared: false }] });
  });

  const refused: readonly [string, ModuleParts, RegExp][] = [
    [
      'WASI',
      { imports: [{ module: 'wasi_snapshot_preview1', name: 'fd_write', type: 'none' }] },
      /WASI/,
    ],
    ['an unknown function', { imports: [hostImport('openFile')] }, /which no host has/],
    [
      "Extism's HTTP",
      { imports: [{ module: 'extism:host/env', name: 'http_request', type: 'i64ToI64' }] },
      /which no host has/,
    ],
    [
      'names that every object has',
      { imports: [{ module: 'extism:host/user', name: 'constructor', type: 'i64ToI64' }] },
      /which no host has/,
    ],
    ['a memory without a maximum', { memory: [0, 1] }, /no maximum for its memory/],
    ['a memory that is too large', { memory: [1, 1, 0x81, 0x02] }, /grow to 257 pages/],
    ['shared memory', { memory: [3, 1, 16] }, /shared/],
    ['memory of 64 bits', { memory: [5, 1, 16] }, /of a kind/],
    ['a table without a maximum', { table: [0, 1] }, /no maximum for its table/],
    ['a table that is too large', { table: [1, 1, 0x81, 0x80, 0x01] }, /table may grow/],
    ['many locals', { localsMore: 1_001 }, /1002 locals, and 1000 are the most/],
    [
      'locals beyond all numbers',
      { localsMore: 2 ** 32 - 1 },
      /4294967296 locals, and 1000 are the most/,
    ],
    [
      'a function that would be compiled for ever',
      { body: Array<readonly number[]>(11_000).fill([...op.i32(0), ...op.drop]) },
      /bytes, and 32768 are the most/,
    ],
    ['functions of many results', { sections: [[1, [1, 0x60, 0, 2, 0x7f, 0x7f]]] }, /2 results/],
    ['objects of its own', { sections: [[1, [1, 0x5f, 0]]] }, /types that plugins may not have/],
    ['exceptions', { sections: [[13, [1, 0, 0]]] }, /a section \(13\) that plugins may not have/],
    ['no onEvent', { exportName: 'run' }, /exports no function "onEvent"/],
  ];
  test.each(refused)('with %s is refused', (_what, parts, why) => {
    const module = buildModule(parts);
    expect(() => examine(module)).toThrow(expect.objectContaining({ code: 'badModule' }) as Error);
    expect(() => examine(module)).toThrow(why);
  });

  test('that imports a memory is refused', () => {
    const module = buildModule({ imports: [hostImport('sendText')] });
    const at = module.findIndex((_, start) =>
      'sendText'.split('').every((char, i) => module[start + i] === char.charCodeAt(0)),
    );
    module[at + 'sendText'.length] = 2;
    expect(() => examine(module)).toThrow(/imports a memory/);
  });

  test('that is too long is refused', () => {
    const limits = { ...pluginLimits, moduleBytesMax: 8 };
    expect(() => examineModule(buildModule(), limits, [])).toThrow(/at most 8/);
  });

  test('with exports without number is read all the same', () => {
    const count = 300_000;
    const exports = Array.from({ length: 3 * count }, () => 0);
    const length = [(count & 0x7f) | 0x80, ((count >> 7) & 0x7f) | 0x80, count >> 14];
    const module = buildModule({ sections: [[7, length.concat(exports)]] });
    expect(examine(module)).toMatchObject({ memories: [{ min: 1 }] });
  });

  test('that is cut, or has wrong bytes, is refused or taken and nothing else', () => {
    const module = buildModule({ imports: [hostImport('sendText')], body: [op.unreachable] });
    const tryIt = (bytes: Uint8Array): string => {
      try {
        examine(bytes);
        return 'taken';
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      }
    };
    const outcomes = new Set<string>();
    for (let length = 0; length < module.length; length += 1) {
      outcomes.add(tryIt(module.subarray(0, length)));
    }
    for (let at = 0; at < module.length; at += 1) {
      for (const byte of [0x00, 0x7f, 0x80, 0xff]) {
        const changed = Uint8Array.from(module);
        changed[at] = byte;
        outcomes.add(tryIt(changed));
      }
    }
    expect([...outcomes].sort()).toEqual(['badModule', 'taken']);
  });
});
