import { generateKeyPairSync, X509Certificate, createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AcmeServer } from '../../testing/acme/acmeServer.js';
import { acmeChallenges } from './acmeConfig.js';
import { orderCertificate, type CertificateOrder } from './orderCertificate.js';

let authority: AcmeServer;
let freePort = 0;
const domains = ['talk.example.org', 'voice.example.org'];

function key(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
const [accountKey, privateKey] = [key(), key()];

beforeAll(async () => {
  authority = await AcmeServer.start();
});
afterAll(() => authority.close());

beforeEach(async () => {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  freePort = (socket.address() as AddressInfo).port;
  socket.close();
  await once(socket, 'close');
  authority.challengePort = freePort;
  Object.assign(authority.troubles, { badNonces: 0, isRateLimited: false, failsToIssue: false });
  authority.asked.length = 0;
});

function order(
  change: Partial<CertificateOrder> = {},
  signal = new AbortController().signal,
): Promise<string> {
  return orderCertificate(
    {
      ...{ domains, email: 'olga@example.org', directory: authority.directory },
      ...{ challenge: 'http-01', port: freePort, host: '127.0.0.1' },
      ...{ accountKey, privateKey, pollMs: 5, pollMsMax: 20 },
      ...change,
    },
    signal,
  );
}

describe.each(acmeChallenges)('a certificate proven by %s', (challenge) => {
  test('is for all names and for the key of the server', async () => {
    const leaf = new X509Certificate(await order({ challenge }));
    expect(leaf.subjectAltName).toBe(domains.map((name) => `DNS:${name}`).join(', '));
    expect(leaf.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect([...authority.contacts.values()]).toEqual([['mailto:olga@example.org']]);
    expect(authority.asked.filter((what) => what === 'challenge').length).toBeGreaterThan(1);
  });

  test('is not issued where the challenge cannot be reached, and the name is told', async () => {
    authority.challengePort = 1;
    await expect(order({ challenge })).rejects.toMatchObject({
      code: 'acmeFailed',
      message: expect.stringMatching(
        /talk\.example\.org did not answer \(.*-01 of talk\.example\.org\)/,
      ) as string,
    });
    expect(authority.asked).not.toContain('finalize');
  });

  test('gives its port free again', async () => {
    await order({ challenge });
    await order({ challenge });
  });
});

test('a nonce that is not good is followed by another', async () => {
  authority.troubles.badNonces = 3;
  await order();
});

test('what the authority refuses is told in its words', async () => {
  authority.troubles.isRateLimited = true;
  const refusal = { code: 'acmeFailed' };
  await expect(order()).rejects.toMatchObject({
    ...refusal,
    message: expect.stringContaining('too many orders of late') as string,
  });
  authority.troubles.isRateLimited = false;
  authority.troubles.failsToIssue = true;
  await expect(order()).rejects.toMatchObject({
    ...refusal,
    message: expect.stringContaining('a bad day') as string,
  });
});

test('an authority that is not there is told of', async () => {
  const directory = `http://127.0.0.1:${freePort}/directory`;
  await expect(order({ directory })).rejects.toMatchObject({ code: 'acmeFailed' });
});

test('a port of the challenge that cannot be had is told of', async () => {
  const socket = createServer().listen(freePort, '127.0.0.1');
  await once(socket, 'listening');
  await expect(order()).rejects.toMatchObject({
    code: 'addressInUse',
    message: expect.stringContaining('--acme-port') as string,
  });
  socket.close();
});

test('is given up with the signal', async () => {
  await expect(order({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'acmeFailed' });
});
