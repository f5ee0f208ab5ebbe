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
