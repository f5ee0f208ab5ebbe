import { expect, it } from 'vitest';
import { identityOf, openRecord, parseIdentityRecord } from './identityFile.js';
import { isSealed } from './identityStore.js';

// The keys of RFC 8032, section 7.1, test 1, as profiles hold them: files outlive releases.
const plain = {
  version: 1,
  algorithm: 'Ed25519',
  publicKey: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  privateKey: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  createdAt: '2026-11-01T12:00:00.000Z',
};
const sealed = {
  version: 2,
  algorithm: 'Ed25519',
  publicKey: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  createdAt: '2026-11-01T12:00:00.000Z',
  sealing: {
    kdf: 'Argon2id',
    passes: 3,
    memoryKib: 65536,
    salt: 'xoXot1a4h6JLyy1qxn4f6g',
    cipher: 'XChaCha20-Poly1305',
    nonce: 'd7GCaviGgHgQ0krPJDX0vmFspvD37fxn',
  },
  sealedKey: 'ajaIs6RYZaTi8ts4QLW7_YScl9IMW9n0gYQLPTCo8sJkWq6X1cAfQTnFaBqinew7',
};
const signature =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
  '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

it('reads a file of version 1', () => {
  const record = parseIdentityRecord(JSON.stringify(plain));
  if (isSealed(record)) throw new Error('it has no passphrase');
  const identity = identityOf(record);
  expect(Buffer.from(identity.publicKey).toString('base64url')).toBe(plain.publicKey);
  expect(Buffer.from(identity.sign(new Uint8Array())).toString('hex')).toBe(signature);
});

it('reads a file of version 2', async () => {
  const record = parseIdentityRecord(JSON.stringify(sealed));
  if (!isSealed(record)) throw new Error('it has a passphrase');
  expect(await openRecord(record, 'tall trees')).toEqual(plain);
});
