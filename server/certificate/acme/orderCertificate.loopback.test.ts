import { generateKeyPairSync, X509Certificate, createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '@rookery/transport/testing/freePort';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AcmeServer } from '../../testing/acme/acmeServer.js';
import { acmeChallenges } from './acmeConfig.js';
import { orderCertificate, type CertificateOrder } from './orderCertificate.js';

let authority: AcmeServer;
let port = 0;
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
  port = await freePort();
  authority.challengePort = port;
  authority.calmDown();
});

function order(
  change: Partial<CertificateOrder> = {},
  signal = new AbortController().signal,
): Promise<string> {
  return orderCertificate(
    {
      ...{ domains, email: 'olga@example.org', directory: authority.directory },
      ...{ challenge: 'http-01', port, host: '127.0.0.1' },
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

test('nonces that are never good end the try', async () => {
  authority.troubles.badNonces = 1_000;
  await expect(order()).rejects.toMatchObject({
    code: 'acmeFailed',
    message: expect.stringContaining('this nonce is not good') as string,
  });
});

test('what the authority refuses is told in its words', async () => {
  authority.troubles.failsToIssue = true;
  await expect(order()).rejects.toMatchObject({
    ...{ code: 'acmeFailed', retryAfterMs: null },
    message: expect.stringContaining('a bad day') as string,
  });
});

test('an authority that has enough for now is told of, with the time that it wants', async () => {
  authority.troubles.isRateLimited = true;
  const refusal = {
    code: 'acmeRateLimited',
    message: expect.stringMatching(/for now: too many orders of late\. There/) as string,
  };
  await expect(order()).rejects.toMatchObject({ ...refusal, retryAfterMs: null });
  authority.troubles.retryAfter = '7200';
  await expect(order()).rejects.toMatchObject({ ...refusal, retryAfterMs: 7_200_000 });
});

test('an order that becomes invalid is told of by its problem and those of its names', async () => {
  authority.troubles.orderFault = {
    type: 'urn:ietf:params:acme:error:rejectedIdentifier',
    detail: 'Some names are refused',
    subproblems: [{ detail: 'CAA forbids\nvoice.example.org' }, 'nonsense'],
  };
  await expect(order()).rejects.toMatchObject({
    code: 'acmeFailed',
    message: expect.stringContaining(
      ': Some names are refused; CAA forbids voice.example.org. Every name',
    ) as string,
  });
});

test('what is not done at once is waited for, for as long as the authority wants', async () => {
  Object.assign(authority.troubles, { slowLooks: 4, retryAfter: '0' });
  new X509Certificate(await order());
  expect(authority.troubles.slowLooks).toBe(0);
  Object.assign(authority.troubles, { slowLooks: 1, retryAfter: '1' });
  await order();
  expect(authority).toMatchObject({ troubles: { slowLooks: 0 }, hastyLooks: 0 });
});

test('who wants more time for an answer than a try takes is left alone until then', async () => {
  Object.assign(authority.troubles, { slowLooks: 1, retryAfter: '3600' });
  await expect(order()).rejects.toMatchObject({ code: 'acmeFailed', retryAfterMs: 3_600_000 });
  expect(authority.asked).not.toContain('finalize');
});

test('names that were proven before are not proven again', async () => {
  await order();
  authority.calmDown();
  authority.troubles.trustsProven = true;
  new X509Certificate(await order());
  expect(authority.asked).not.toContain('challenge');
});

test('of several chains the one is taken that the authority prefers', async () => {
  authority.troubles.hasAlternate = true;
  new X509Certificate(await order());
  expect(authority.asked.filter((what) => what === 'certificate')).toHaveLength(1);
});

test('an authority that is not there is told of, and why', async () => {
  const directory = `http://127.0.0.1:${port}/directory`;
  await expect(order({ directory })).rejects.toMatchObject({
    code: 'acmeUnreachable',
    message: expect.stringMatching(/cannot be reached .*: connect ECONNREFUSED 127/) as string,
  });
});

test('a port of the challenge that cannot be had is told of', async () => {
  const socket = createServer().listen(port, '127.0.0.1');
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
