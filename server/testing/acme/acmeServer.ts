import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { proveByHttp, proveByTls } from './proofs.js';
import { readSigned, type KnownKey, type SignedRequest } from './signedRequest.js';
import { TestAuthority } from './testAuthority.js';

interface TestOrder {
  status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  readonly account: string;
  readonly domains: readonly string[];
  /** Why it became invalid, as a problem document. */
  error: object | null;
  /** By domain. */
  readonly proofs: { readonly domain: string; readonly token: string; state: ProofState }[];
  chain: string;
}

interface ProofState {
  status: 'pending' | 'valid' | 'invalid';
  error: string | null;
}

/** What the next requests meet. */
export interface AcmeTroubles {
  /** So many signed requests are told that their nonce is not good. */
  badNonces: number;
  /** New orders are refused, as after too many. */
  isRateLimited: boolean;
  /** Certificates are asked for in vain. */
  failsToIssue: boolean;
  /** Retry-After of refusals, and of answers that nothing is done yet. */
  retryAfter: string | null;
  /** So many looks at an authorization or an order tell that it is not done yet. */
  slowLooks: number;
  /** Problem document with which orders end, once all is proven. */
  orderFault: object | null;
  /** Names that were proven once are not asked about again. */
  trustsProven: boolean;
  /** There is another chain to choose, which holds nothing. */
  hasAlternate: boolean;
}

/** No troubles at all. */
const calm: AcmeTroubles = {
  ...{ badNonces: 0, isRateLimited: false, failsToIssue: false, retryAfter: null, slowLooks: 0 },
  ...{ orderFault: null, trustsProven: false, hasAlternate: false },
};

class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

const kinds = ['http-01', 'tls-alpn-01'] as const;

/**
 * A small authority after RFC 8555 on loopback: directory, nonces, signed requests, accounts,
 * orders, challenges that it really looks at, certificates that it really issues. Names are all
 * taken to lead to this machine. Tests only.
 */
export class AcmeServer {
  readonly troubles: AcmeTroubles = { ...calm };
  /** Looks that came before the time that the answer before had asked for. */
  hastyLooks = 0;
  /** What was asked for, like "newOrder". */
  readonly asked: string[] = [];
  /** Contacts of each account, by its URL. */
  readonly contacts = new Map<string, readonly string[]>();
  /** Where challenges are looked at. */
  challengePort = 0;
  lifeMs = 90 * 86_400_000;
  /** Milliseconds since 1970; certificates begin then. */
  nowMs: () => number = () => Date.now();
  readonly #server: Server;
  readonly #authority: TestAuthority;
  readonly #nonces = new Set<string>();
  readonly #accounts = new Map<string, KnownKey>();
  readonly #orders: TestOrder[] = [];
  readonly #proven = new Set<string>();
  #quietUntilMs = 0;

  private constructor(server: Server, authority: TestAuthority) {
    this.#server = server;
    this.#authority = authority;
  }

  static async start(): Promise<AcmeServer> {
    const server = createServer();
    const acme = new AcmeServer(server, await TestAuthority.make(new Date()));
    server.on('request', (request, response) => void acme.#answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return acme;
  }

  get directory(): string {
    return `${this.#origin}/directory`;
  }

  /** As if nothing had been asked and nothing were wrong; what was proven and issued stays. */
  calmDown(): void {
    Object.assign(this.troubles, calm);
    this.asked.length = 0;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get #origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += String(piece);
    response.setHeader('replay-nonce', this.#newNonce());
    const send = (status: number, content: unknown): void => {
      const isText = typeof content === 'string';
      const type = isText ? 'application/pem-certificate-chain' : 'application/json';
      response.writeHead(status, { 'content-type': type });
      response.end(isText ? content : JSON.stringify(content));
    };
    try {
      const path = request.url ?? '';
      if (path === '/directory') send(200, this.#directory());
      else if (path === '/newNonce') send(200, {});
      else {
        const { status, content, headers } = await this.#serve(path, this.#open(path, body));
        for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
        send(status, content);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (this.troubles.retryAfter !== null) {
        response.setHeader('retry-after', this.troubles.retryAfter);
      }
      const { status, type, message } = error;
      send(status, { type: `urn:ietf:params:acme:error:${type}`, detail: message });
    }
  }

  #directory(): object {
    const names = ['newNonce', 'newAccount', 'newOrder'];
    const urls = Object.fromEntries(names.map((name) => [name, `${this.#origin}/${name}`]));
    return { ...urls, meta: { termsOfService: `${this.#origin}/terms` } };
  }

  #newNonce(): string {
    const nonce = randomBytes(8).toString('base64url');
    this.#nonces.add(nonce);
    return nonce;
  }

  #open(path: string, body: string): SignedRequest {
    const signed = readSigned(body, (url) => this.#accounts.get(url) ?? null);
    if (signed === null) throw new Problem(403, 'unauthorized', 'not signed as it should be');
    if (signed.url !== this.#origin + path) throw new Problem(401, 'unauthorized', 'another URL');
    if (!this.#nonces.delete(signed.nonce) || this.troubles.badNonces > 0) {
      this.troubles.badNonces = Math.max(0, this.troubles.badNonces - 1);
      throw new Problem(400, 'badNonce', 'this nonce is not good');
    }
    return signed;
  }

  async #serve(path: string, signed: SignedRequest): Promise<Answer> {
    const [, what = '', number = '', part = '', kind = ''] = path.split('/');
    this.asked.push(what);
    if (what === 'newAccount') return this.#account(signed);
    if (signed.account === null) throw new Problem(400, 'malformed', 'no account is named');
    if (what === 'newOrder') return this.#newOrder(signed, signed.account);
    if (what === 'account') return this.#changeAccount(signed, signed.account);
    const order = this.#orders[Number(number)];
    if (order === undefined || order.account !== signed.account) {
      throw new Problem(404, 'malformed', 'there is no such order of this account');
    }
    const at = Number(number);
    switch (what) {
      case 'order':
        return this.#look(this.#orderOf(at));
      case 'authorization':
        return this.#look(this.#authorizationOf(at, Number(part)));
      case 'challenge':
        if (signed.payload !== null) await this.#prove(at, Number(part), kind, signed.thumbprint);
        return { status: 200, content: this.#challengeOf(at, Number(part), kind) };
      case 'finalize':
        return this.#finalize(at, signed);
      case 'certificate':
        return { status: 200, content: order.chain, headers: this.#alternates(at) };
      default:
        throw new Problem(404, 'malformed', 'there is nothing here');
    }
  }

  /** What there is to see, or that it is not done yet. */
  #look(content: object): Answer {
    const { slowLooks, retryAfter } = this.troubles;
    const { status } = content as { readonly status: string };
    if (performance.now() < this.#quietUntilMs) this.hastyLooks++;
    if (slowLooks === 0 || status === 'pending' || status === 'ready') {
      return { status: 200, content };
    }
    this.troubles.slowLooks--;
    const notYet = { ...content, status: 'challenges' in content ? 'pending' : 'processing' };
    if (retryAfter === null) return { status: 200, content: notYet };
    // Timers may be a little early.
    this.#quietUntilMs = performance.now() + Number(retryAfter) * 950;
    return { status: 200, content: notYet, headers: { 'retry-after': retryAfter } };
  }

  /** RFC 8555 section 7.4.2. */
  #alternates(order: number): Readonly<Record<string, string>> {
    if (!this.troubles.hasAlternate) return {};
    return { link: `<${this.#origin}/certificate/${order}/1>;rel="alternate"` };
  }

  #account({ payload, key, thumbprint }: SignedRequest): Answer {
    if (payload?.['termsOfServiceAgreed'] !== true) {
      throw new Problem(403, 'userActionRequired', 'the terms are not agreed to');
    }
    const location = `${this.#origin}/account/${thumbprint}`;
    const isKnown = this.#accounts.has(location);
    this.#accounts.set(location, { key, thumbprint });
    this.contacts.set(location, (payload['contact'] as string[] | undefined) ?? []);
    return { status: isKnown ? 200 : 201, content: { status: 'valid' }, headers: { location } };
  }

  /** RFC 8555 section 7.3.2. */
  #changeAccount({ payload }: SignedRequest, account: string): Answer {
    const contacts = payload?.['contact'] as string[] | undefined;
    if (contacts !== undefined) this.contacts.set(account, contacts);
    return { status: 200, content: { status: 'valid' } };
  }

  #newOrder({ payload }: SignedRequest, account: string): Answer {
    if (this.troubles.isRateLimited) {
      throw new Problem(429, 'rateLimited', 'too many orders of late');
    }
    const identifiers = payload!['identifiers'] as { readonly value: string }[];
    const domains = identifiers.map(({ value }) => value);
    const proofs = domains.map((domain) => {
      const token = randomBytes(16).toString('base64url');
      const isTrusted = this.troubles.trustsProven && this.#proven.has(domain);
      const state: ProofState = { status: isTrusted ? 'valid' : 'pending', error: null };
      return { domain, token, state };
    });
    const status = proofs.every(({ state }) => state.status === 'valid') ? 'ready' : 'pending';
    const number =
      this.#orders.push({ status, account, domains, proofs, chain: '', error: null }) - 1;
    const location = `${this.#origin}/order/${number}`;
    return { status: 201, content: this.#orderOf(number), headers: { location } };
  }

  #orderOf(number: number): object {
    const { status, domains, proofs, error } = this.#orders[number]!;
    const urls = proofs.map((_, at) => `${this.#origin}/authorization/${number}/${at}`);
    return {
      status,
      identifiers: domains.map((value) => ({ type: 'dns', value })),
      authorizations: urls,
      finalize: `${this.#origin}/finalize/${number}`,
      ...(error !== null && { error }),
      ...(status === 'valid' && { certificate: `${this.#origin}/certificate/${number}` }),
    };
  }

  #authorizationOf(number: number, at: number): object {
    const { domain, state } = this.#orders[number]!.proofs[at]!;
    return {
      identifier: { type: 'dns', value: domain },
      status: state.status,
      challenges: kinds.map((kind) => this.#challengeOf(number, at, kind)),
    };
  }

  #challengeOf(number: number, at: number, kind: string): object {
    const { token, state } = this.#orders[number]!.proofs[at]!;
    const { status, error } = state;
    const url = `${this.#origin}/challenge/${number}/${at}/${kind}`;
    return { type: kind, url, token, status, ...(error !== null && { error: { detail: error } }) };
  }

  async #prove(number: number, at: number, kind: string, thumbprint: string): Promise<void> {
    const order = this.#orders[number]!;
    const { domain, token, state } = order.proofs[at]!;
    const keyAuthorization = `${token}.${thumbprint}`;
    const prove = kind === 'http-01' ? proveByHttp : proveByTls;
    state.error = await prove({ domain, token, keyAuthorization, port: this.challengePort });
    state.status = state.error === null ? 'valid' : 'invalid';
    if (state.status === 'invalid') order.status = 'invalid';
    else this.#proven.add(domain);
    if (order.proofs.every((one) => one.state.status === 'valid')) order.status = 'ready';
  }

  async #finalize(number: number, { payload }: SignedRequest): Promise<Answer> {
    const order = this.#orders[number]!;
    if (order.status !== 'ready') throw new Problem(403, 'orderNotReady', 'not all is proven');
    if (this.troubles.failsToIssue) {
      throw new Problem(500, 'serverInternal', 'the authority has a bad day');
    }
    if (this.troubles.orderFault !== null) {
      [order.status, order.error] = ['invalid', this.troubles.orderFault];
      // It is told to whoever looks again, as by authorities that check for a while.
      return { status: 200, content: { ...this.#orderOf(number), status: 'processing' } };
    }
    const request = Buffer.from(payload!['csr'] as string, 'base64url');
    const now = new Date(this.nowMs());
    const chain = await this.#authority.issue(request, order.domains, now, this.lifeMs);
    if (chain === null) throw new Problem(400, 'badCSR', 'the request is for something else');
    order.chain = chain;
    order.status = 'valid';
    return { status: 200, content: this.#orderOf(number) };
  }
}

interface Answer {
  readonly status: number;
  readonly content: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
