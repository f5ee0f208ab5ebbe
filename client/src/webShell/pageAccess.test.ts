import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { PageAccess } from './pageAccess.js';

const port = 4_711;
const host = `127.0.0.1:${port}`;

function request(url: string, headers: Record<string, string> = {}): IncomingMessage {
  return { url, headers: { host, ...headers } } as unknown as IncomingMessage;
}

function admitted() {
  const access = new PageAccess(port);
  const { pathname, search } = new URL(access.newAddress());
  expect(access.judgePage(request(pathname + search))).toBe('admit');
  return { access, cookie: access.cookieHeader.split(';')[0]!, path: pathname + search };
}

describe('PageAccess', () => {
  test('admits who brings the token, once', () => {
    const { access, path } = admitted();
    expect(access.judgePage(request(path))).toBe('unknown');
  });

  test('knows whom it admitted by the cookie', () => {
    const { access, cookie } = admitted();
    expect(access.judgePage(request('/', { cookie }))).toBe('allowed');
    expect(access.judgePage(request('/', { cookie: `other=1; ${cookie}` }))).toBe('allowed');
    expect(access.judgePage(request('/', { cookie: `${cookie}x` }))).toBe('unknown');
  });

  test('keeps its cookie from scripts and from other sites', () => {
    expect(admitted().access.cookieHeader).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  });

  test('refuses a name that leads to loopback', () => {
    const { access, cookie } = admitted();
    const foreign = request('/', { cookie, host: `evil.example:${port}` });
    expect(access.judgePage(foreign)).toBe('foreignHost');
  });

  test.each(['http://evil.example', `http://localhost:${port}`, 'null', undefined])(
    'opens no socket to a page of %s',
    (origin) => {
      const { access, cookie } = admitted();
      const headers = { cookie, ...(origin !== undefined && { origin }) };
      expect(access.allowsSocket(request('/engine', headers))).toBe(false);
    },
  );

  test('opens a socket to its own page', () => {
    const { access, cookie } = admitted();
    const own = request('/engine', { cookie, origin: `http://${host}` });
    expect(access.allowsSocket(own)).toBe(true);
    expect(access.allowsSocket(request('/engine', { origin: `http://${host}` }))).toBe(false);
  });

  test('forgets a token that was not used when it makes another', () => {
    const access = new PageAccess(port);
    const [first, second] = [access.newAddress(), access.newAddress()].map((address) => {
      const { pathname, search } = new URL(address);
      return pathname + search;
    });
    expect(access.judgePage(request(first!))).toBe('unknown');
    expect(access.judgePage(request(second!))).toBe('admit');
  });
});
