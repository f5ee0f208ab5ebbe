import { describe, expect, test } from 'vitest';
import { releaseKey, sampleManifest, signedManifest } from '../testing/signedRelease.js';
import { isReleaseKey, openReleaseKey, readManifest } from './releaseManifest.js';

const key = openReleaseKey(releaseKey);
const client = { version: '1.2.3', page: 'https://example.org/get', notes: 'New.', files: [] };

/** Reads what was signed well, whatever stands in it. */
function read(manifest: object): ReturnType<typeof readManifest> {
  const { bytes, signature } = signedManifest(manifest as ReturnType<typeof sampleManifest>);
  return readManifest(bytes, signature.toString(), key);
}

test('a manifest that the key signed is read, with a client or without', () => {
  const plain = sampleManifest('1.2.3');
  expect(read(plain)).toEqual({ kind: 'read', manifest: plain });
  const { page } = client;
  expect(read(sampleManifest('1.2.3', { client }))).toMatchObject({ manifest: { client } });
  const short = { ...sampleManifest('1.2.3'), client: { version: '1.2.3', page } };
  expect(read(short)).toMatchObject({ manifest: { client: { page, notes: '', files: [] } } });
});

test('what a later publisher adds is passed over', () => {
  const manifest = sampleManifest('1.2.3');
  expect(read({ ...manifest, later: { a: 1 } })).toEqual({ kind: 'read', manifest });
});

describe('of what another key signed, or was changed, nothing is believed', () => {
  const { bytes, signature } = signedManifest(sampleManifest('1.2.3'));

  test.each(['', 'AAAA', Buffer.alloc(64).toString('base64'), 'A'.repeat(200)])(
    'the signature %j',
    (text) => expect(readManifest(bytes, text, key)).toEqual({ kind: 'notSigned' }),
  );

  test('one byte, a piece, or one more', () => {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
    for (const other of [changed, bytes.subarray(1), Buffer.concat([bytes, Buffer.from(' ')])]) {
      expect(readManifest(other, signature.toString(), key)).toEqual({ kind: 'notSigned' });
    }
  });

  test('another key', () => {
    const other = openReleaseKey(Buffer.alloc(32, 9).toString('base64'));
    expect(readManifest(bytes, signature.toString(), other)).toEqual({ kind: 'notSigned' });
  });
});

test.each([
  [{ format: 2 }, 'format'],
  [{ program: 'other' }, 'program'],
  [{ version: '1.2' }, 'version'],
  [{ client: { ...client, page: 'http://example.org' } }, 'client.page'],
  [{ client: { ...client, page: 'javascript:alert(1)' } }, 'client.page'],
  [{ client: { ...client, page: 'https://ada:pw@example.org' } }, 'client.page'],
  [{ client: { ...client, version: '' } }, 'client.version'],
  [{ client: { ...client, notes: 'x'.repeat(8_001) } }, 'client.notes'],
  [
    {
      client: {
        ...client,
        files: [{ platform: 'linux-x64', name: '../a', bytes: 1, sha256: '0'.repeat(64) }],
      },
    },
    'client.files.0.name',
  ],
])('a signed one of another form is named: %j', (more, path) => {
  const reading = read({ ...sampleManifest('1.2.3'), ...more });
  expect(reading).toMatchObject({ kind: 'unknownForm' });
  expect(reading.kind === 'unknownForm' && reading.detail).toContain(`${path}: `);
});

test('a key is base64 of 32 bytes', () => {
  expect(isReleaseKey(releaseKey)).toBe(true);
  for (const text of ['', 'A'.repeat(44), releaseKey.slice(1), `${releaseKey}\n`]) {
    expect(isReleaseKey(text)).toBe(false);
  }
});
