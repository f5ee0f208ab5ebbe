import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchWhole, type FetchLimits } from './boundedFetch.js';
import type { FetchFaultCode } from './fetchFault.js';

const limits: FetchLimits = {
  ...{ bytesMax: 1_000, silenceMsMax: 20_000, totalMsMax: 20_000, redirectsMax: 2 },
};

let server: Server;
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

const address = (): URL => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a`);
const fetched = (bounds: Partial<FetchLimits> = {}, signal?: AbortSignal): Promise<Uint8Array> =>
  fetchWhole(address(), { ...limits, ...bounds }, signal);

test('what comes is handed on, also from where it leads to', async () => {
  answer = ({ url }, response) => {
    if (url === '/a') response.writeHead(302, { location: '/b' }).end();
    else response.end('what is there');
  };
  expect(Buffer.from(await fetched()).toString()).toBe('what is there');
});

describe('nothing is taken', () => {
  const failed = (code: FetchFaultCode, words: string, fact = ''): object => ({
    ...{ code, fact },
    message: expect.stringContaining(words) as string,
  });

  test('of what is not there', async () => {
    answer = (_request, response) => response.writeHead(404).end();
    await expect(fetched()).rejects.toMatchObject(
      failed('fetchAnswer', `${address().href}: it answers 404`, '404'),
    );
  });

  test('beyond the bound, however much more is to come', async () => {
    answer = (_request, response) => {
      const more = (): void => void response.write(Buffer.alloc(400), more);
      more();
    };
    await expect(fetched()).rejects.toMatchObject({
      code: 'fetchTooLarge',
      message: `${address().href}: it has more than 1000 bytes`,
    });
  });

  test('of what unpacks to more than the bound', async () => {
    const { gzipSync } = await import('node:zlib');
    const packed = gzipSync(Buffer.alloc(1_000_000));
    answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed.subarray(0, 900));
    await expect(fetched()).rejects.toMatchObject({ code: 'fetchTooLarge' });
  });

  test('of what is cut short', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('abc');
      setImmediate(() => response.destroy());
    };
    await expect(fetched()).rejects.toMatchObject({ code: 'fetchBroken' });
  });

  test('of who says nothing', async () => {
    answer = () => undefined;
    await expect(fetched({ silenceMsMax: 50 })).rejects.toMatchObject(
      failed('fetchSilent', 'it sends nothing'),
    );
  });

  test('of who says a little again and again', async () => {
    answer = (_request, response) => {
      const drip = setInterval(() => response.write('x'), 10);
      response.once('close', () => clearInterval(drip));
    };
    await expect(fetched({ totalMsMax: 200 })).rejects.toMatchObject(
      failed('fetchSlow', 'it sends too slowly'),
    );
  });

  test.each([
    ['http://192.0.2.1/a', 'http://192.0.2.1'],
    ['ftp://127.0.0.1/a', 'ftp://127.0.0.1'],
    ['https://ada:pw@192.0.2.1/', 'https://192.0.2.1'],
    ['http://[', 'http://['],
  ])('where it leads to %s', async (location, fact) => {
    answer = (_request, response) => response.writeHead(302, { location }).end();
    const fault = failed('fetchUnencrypted', 'which is not encrypted', fact);
    await expect(fetched()).rejects.toMatchObject(fault);
  });

  test('where nobody answers', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    const gone = fetchWhole(new URL(`http://127.0.0.1:${port}/`), limits);
    await expect(gone).rejects.toMatchObject({ code: 'fetchNobodyThere', fact: 'ECONNREFUSED' });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  test('of a computer that there is not', async () => {
    // Never the name of one (RFC 6761, section 6.4).
    const nowhere = fetchWhole(new URL('https://rookery.invalid/'), limits);
    await expect(nowhere).rejects.toMatchObject({ code: 'fetchUnknownHost' });
  });

  test('where it leads on and on', async () => {
    answer = (_request, response) => response.writeHead(302, { location: '/a' }).end();
    await expect(fetched()).rejects.toMatchObject(failed('fetchAstray', 'without an end'));
  });

  test('of what was given up', async () => {
    const wish = new AbortController();
    answer = () => wish.abort();
    await expect(fetched({}, wish.signal)).rejects.toMatchObject(
      failed('fetchGivenUp', 'given up'),
    );
    await expect(fetched({}, wish.signal)).rejects.toMatchObject(
      failed('fetchGivenUp', 'given up'),
    );
  });
});
