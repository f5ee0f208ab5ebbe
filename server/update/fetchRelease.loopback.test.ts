import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { releaseKey as key } from '@rookery/schemas/testing/signedRelease';
import { updateLimits, type UpdateLimits } from '../updateLimits.js';
import { fetchFile, fetchTrustedManifest } from './fetchRelease.js';

let server: Server;

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/file`);
}

function manifestAt({ href: url }: URL, limits: UpdateLimits): Promise<unknown> {
  return fetchTrustedManifest({ url, key }, limits);
}

test('who sends a byte now and then does not hold an update up for ever', async () => {
  const url = await serve((_request, response) => {
    const timer = setInterval(() => response.write('x'), 5);
    response.once('close', () => clearInterval(timer));
  });
  const limits = { ...updateLimits, fetchSmallMsMax: 100 };
  await expect(manifestAt(url, limits)).rejects.toThrow('it sends too slowly');
});

test('who sends nothing is not waited for', async () => {
  const url = await serve(() => undefined);
  const limits = { ...updateLimits, silenceMsMax: 50 };
  await expect(manifestAt(url, limits)).rejects.toThrow('it sends nothing');
});

test('addresses that lead in a circle are left', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: '/file/manifest.json' }).end();
  });
  await expect(manifestAt(url, updateLimits)).rejects.toThrow('without an end');
});

test('an address that leads to one without encryption is left', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: 'http://192.0.2.1/file' }).end();
  });
  await expect(manifestAt(url, updateLimits)).rejects.toThrow('which is not encrypted');
});

test('an answer that ends before the length that it said is no file', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('x', () => response.destroy());
  });
  await expect(manifestAt(url, updateLimits)).rejects.toThrow('Cannot fetch');
});

test.skipIf(!existsSync('/dev/full'))(
  'a disk that is full is no fault of the network',
  async () => {
    const url = await serve((_request, response) => response.end('x'));
    const expected = { bytes: 1, sha256: '0'.repeat(64) };
    const fetching = fetchFile(url, '/dev/full', expected, updateLimits, () => undefined);
    await expect(fetching).rejects.toMatchObject({ code: 'ENOSPC' });
  },
);
