import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const secretBytes = 32;

/** What is to become of a request for a page. */
export type PageVerdict = 'allowed' | 'admit' | 'foreignHost' | 'unknown';

/**
 * Who may use the page that the client serves on loopback: who was given its address, and nobody
 * whom a web page of somebody else sends. The token of the address works once; whoever brought it
 * is known by a cookie from then on. Every request names the host that it means, so that a foreign
 * name that leads to loopback (DNS rebinding) leads nowhere.
 */
export class PageAccess {
  private readonly cookieSecret = secret();
  private token: string | null = null;

  /** @param port where the page is served; cookies are not apart by port, so their names are */
  constructor(private readonly port: number) {}

  /** A new address, in place of one that was not used: "http://127.0.0.1:PORT/?token=…". */
  newAddress(): string {
    this.token = secret();
    return `http://${this.host}/?token=${this.token}`;
  }

  /** `admit`: the token fits; it is used up, and the cookie is to be set. */
  judgePage(request: IncomingMessage): PageVerdict {
    if (!this.isOwnHost(request)) return 'foreignHost';
    const given = new URL(request.url ?? '/', `http://${this.host}`).searchParams.get('token');
    if (given !== null && this.token !== null && isSame(given, this.token)) {
      this.token = null;
      return 'admit';
    }
    return this.hasCookie(request) ? 'allowed' : 'unknown';
  }

  /** Whether a WebSocket may be opened: by a page of ours, with the cookie. */
  allowsSocket(request: IncomingMessage): boolean {
    const isOurPage = request.headers.origin === `http://${this.host}`;
    return isOurPage && this.isOwnHost(request) && this.hasCookie(request);
  }

  /** For the answer that admits. */
  get cookieHeader(): string {
    return `${this.cookieName}=${this.cookieSecret}; HttpOnly; SameSite=Strict; Path=/`;
  }

  private get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  private get cookieName(): string {
    return `rookery_${this.port}`;
  }

  private isOwnHost({ headers }: IncomingMessage): boolean {
    return headers.host === this.host;
  }

  private hasCookie({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim().split('='));
    return cookies.some(
      ([name, value]) => name === this.cookieName && isSame(value ?? '', this.cookieSecret),
    );
  }
}

function secret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** Takes as long for a wrong one as for the right one. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
