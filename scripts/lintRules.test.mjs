import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { refusalOf } from './importBorders.mjs';

/* The snippets are no files of the checkout, so the rules that need types are off here. */
const eslint = new ESLint({
  cwd: dirname(dirname(fileURLToPath(import.meta.url))),
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});

/** Names of the rules that a snippet at that place violates. */
async function violations(filePath, code) {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  const found = result.messages.map(({ ruleId, message }) => ruleId ?? message);
  // Snippets import and declare what they do not use.
  return found.filter((rule) => rule !== '@typescript-eslint/no-unused-vars');
}

const importOf = (specifier) => `import { it } from '${specifier}';`;

describe('import borders', () => {
  const refused = [
    ['schemas/frame.ts', '@rookery/transport/udpSocket'],
    ['schemas/frame.ts', '@rookery/server/limits'],
    ['transport/udpSocket.ts', '@rookery/server/limits'],
    ['transport/udpSocket.ts', '@rookery/client/engine/view'],
    ['server/main.ts', '@rookery/client/engine/view'],
    ['server/main.ts', '@rookery/bench/load'],
    ['server/main.ts', '../client/src/engine/view.js'],
    ['server/main.ts', '@rookery/server/limits'],
    ['client/src/engine/view.ts', '@rookery/server/limits'],
    ['client/src/engine/view.ts', '@rookery/native-test/main'],
    ['client/src/engine/view.ts', '../../../server/limits.js'],
    ['client/src/engine/view.ts', '../cli/say.js'],
    ['client/src/engine/audio/mixer.ts', '../../main/window.js'],
    ['plugins/manifest.ts', '@rookery/server/limits'],
    ['plugins/manifest.ts', '@rookery/client/engine/view'],
    ['server/main.ts', '@extism/extism'],
    ['native-test/main.ts', '@rookery/server/limits'],
    ['native-test/main.ts', '@rookery/bench/load'],
    ['server/main.ts', '@matrixai/quic'],
    ['server/main.ts', 'koffi'],
    ['transport/portableUdpSocket.ts', 'koffi'],
    ['server/state/roomTree.ts', 'lmdb'],
    ['client/src/engine/view.ts', 'lmdb'],
    ['client/src/engine/audio/mixer.ts', 'naudiodon'],
    ['client/src/engine/view.ts', '@evan/opus/wasm'],
    ['client/src/engine/view.ts', 'electron'],
    ['server/permission/decide.ts', '../state/communityState.js'],
    ['server/permission/decide.ts', '../limits.js'],
    ['server/testing/modelPermissions.ts', '../permission/permissions.js'],
  ];
  test.each(refused)('%s may not import %s', async (file, specifier) => {
    expect(await violations(file, importOf(specifier))).toContain('rookery/import-borders');
  });

  const allowed = [
    ['transport/quicEndpoint.ts', '@rookery/schemas/frame'],
    ['transport/quicEndpoint.ts', '@matrixai/quic'],
    ['transport/linuxSocketCalls.ts', 'koffi'],
    ['server/main.ts', '@rookery/transport/quicDriver'],
    ['server/main.ts', '@rookery/plugins/manifest'],
    ['client/src/engine/view.ts', '@rookery/plugins/manifest'],
    ['plugins/pluginWorker.ts', '@extism/extism'],
    ['server/relay/relayWorker.ts', '../tables/sessions.js'],
    ['server/store/store.ts', 'lmdb'],
    ['client/src/cli/say.ts', '../engine/view.js'],
    ['client/src/engine/audio/device/portAudioLibrary.ts', 'naudiodon'],
    ['client/src/engine/audio/opusCodec.ts', '@evan/opus/wasm'],
    ['client/src/main/window.ts', 'electron'],
    ['bench/load.ts', '@rookery/server/limits'],
    ['native-test/opus.ts', '@rookery/client/engine/audio/opusCodec'],
    ['server/main.ts', 'node:fs'],
    ['server/state/communityState.ts', '../permission/permissionDesk.js'],
    ['server/testing/permissionStage.ts', '../permission/permissions.js'],
  ];
  test.each(allowed)('%s may import %s', (file, specifier) => {
    expect(refusalOf(file, specifier)).toBeNull();
  });

  const forms = [
    "export { it } from 'koffi';",
    "export * from 'koffi';",
    "import type { it } from 'koffi';",
    "const it = await import('koffi');",
    "const it = require('koffi');",
    "type It = import('koffi').It;",
  ];
  test.each(forms)('a border holds for %s', async (code) => {
    expect(await violations('server/main.ts', code)).toContain('rookery/import-borders');
  });
});

describe('shapes', () => {
  const line = 'void 0;\n';
  const cases = [
    ['any', 'server/main.ts', 'export const a: any = 1;', '@typescript-eslint/no-explicit-any'],
    ['a default export', 'server/main.ts', 'export default 1;', 'no-restricted-exports'],
    [
      'a renamed default export',
      'server/main.ts',
      'const a = 1; export { a as default };',
      'no-restricted-exports',
    ],
    [
      'a function over 70 lines',
      'server/main.ts',
      `export function f() {\n${line.repeat(70)}}`,
      'max-lines-per-function',
    ],
    ['a file over 400 lines', 'server/main.ts', line.repeat(401), 'max-lines'],
    ['a line over 100 characters', 'server/main.ts', `// ${'a'.repeat(98)}`, 'max-len'],
    ['mutable module state', 'server/main.ts', 'let a = 1; a += 1;', 'no-restricted-syntax'],
    ['exported mutable state', 'server/main.ts', 'export let a = 1;', 'no-restricted-syntax'],
    [
      'shared memory outside tables and rings',
      'server/main.ts',
      'export const a = new SharedArrayBuffer(8);',
      'no-restricted-syntax',
    ],
    ['console output', 'server/main.ts', "console.log('a');", 'no-console'],
    ['loose equality', 'server/main.ts', 'export const a = 1 == 2;', 'eqeqeq'],
  ];
  test.each(cases)('reports %s', async (_, file, code, rule) => {
    expect(await violations(file, code)).toContain(rule);
  });

  test('allows shared memory in tables and rings', async () => {
    const code = 'export const a = new SharedArrayBuffer(8);';
    expect(await violations('schemas/sharedTable.ts', code)).toEqual([]);
    expect(await violations('client/src/engine/audio/spscSampleRing.ts', code)).toEqual([]);
  });

  test('accepts a small module', async () => {
    const code = 'export function twice(count: number): number {\n  return 2 * count;\n}';
    expect(await violations('server/main.ts', code)).toEqual([]);
  });
});

describe('modules without a world', () => {
  const cases = [
    ['a clock', 'export const now = () => Date.now();', 'no-restricted-globals'],
    [
      'a timer',
      'export const later = (f: () => void) => setTimeout(f, 1);',
      'no-restricted-globals',
    ],
    ['randomness', 'export const dice = () => Math.random();', 'no-restricted-properties'],
    ['files', importOf('node:fs/promises'), '@typescript-eslint/no-restricted-imports'],
    ['sockets', importOf('node:dgram'), '@typescript-eslint/no-restricted-imports'],
    ['threads', importOf('node:worker_threads'), '@typescript-eslint/no-restricted-imports'],
  ];
  test.each(cases)('have no %s of their own', async (_, code, rule) => {
    for (const file of ['server/state/roomTree.ts', 'transport/quicEndpoint.ts']) {
      expect(await violations(file, code)).toContain(rule);
    }
    expect(await violations('server/main.ts', code)).toEqual([]);
  });
});
