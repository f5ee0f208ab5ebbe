import type { GrantedTokens } from '@rookery/schemas/adminApi';

/** The server refused what was asked, in words for a person. */
export class ApiError extends Error {
  constructor(
    /** Of HTTP; 0 where nobody answered. */
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

const prefix = '/api/v1';

/**
 * Where the token for the next renewal is kept: as long as this tab is open, so that it survives a
 * reload, and for no other tab. The access token is in memory alone.
 */
const refreshKey = 'rookery-refresh';

/**
 * Asks the server that serves the page. Tokens go in a header, which no other page can have a
 * browser send, so that requests cannot be forged from elsewhere.
 */
export class ConsoleApi {
  #accessToken: string | null = null;
  #renewing: Promise<boolean> | null = null;
  /** Called when the session has ended for good. */
  onLoggedOut: () => void = () => undefined;

  /** @throws ApiError */
  async login(path: '/login' | '/owner', body: object): Promise<void> {
    this.#keep((await this.#send('POST', path, body)) as GrantedTokens);
  }

  /** Goes on with the session of before, where there is one. */
  async resume(): Promise<boolean> {
    return sessionStorage.getItem(refreshKey) !== null && (await this.#renew());
  }

  async logout(): Promise<void> {
    const refreshToken = sessionStorage.getItem(refreshKey);
    this.#forget();
    if (refreshToken !== null) {
      await this.#send('POST', '/logout', { refreshToken }).catch(() => undefined);
    }
  }

  /**
   * @param path below the prefix of the API
   * @throws ApiError
   */
  async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return (await this.#withToken(() => this.#send(method, path, body))) as Answer;
  }

  /**
   * Reads server-sent events until the stream or the signal ends it. EventSource could send no
   * token.
   *
   * @throws ApiError
   */
  async follow(
    path: string,
    signal: AbortSignal,
    onEvent: (name: string, data: unknown) => void,
  ): Promise<void> {
    const response = await this.#withToken(() => this.#request('GET', path, undefined, signal));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (text + value).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (name !== undefined && data !== undefined) onEvent(name, JSON.parse(data));
      }
    }
  }

  async #withToken<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      if (await this.#renew()) return work();
      this.#forget();
      this.onLoggedOut();
      throw error;
    }
  }

  /** A refresh token is good once, so all who wait share one renewal. */
  #renew(): Promise<boolean> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<boolean> {
    const refreshToken = sessionStorage.getItem(refreshKey);
    if (refreshToken === null) return false;
    try {
      this.#keep((await this.#send('POST', '/renew', { refreshToken })) as GrantedTokens);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false;
      throw error;
    }
  }

  #keep({ accessToken, refreshToken }: GrantedTokens): void {
    this.#accessToken = accessToken;
    sessionStorage.setItem(refreshKey, refreshToken);
  }

  #forget(): void {
    this.#accessToken = null;
    sessionStorage.removeItem(refreshKey);
  }

  async #send(method: string, path: string, body: unknown): Promise<unknown> {
    const response = await this.#request(method, path, body);
    return response.status === 204 ? null : response.json();
  }

  async #request(
    method: string,
    path: string,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(prefix + path, {
      method,
      headers: {
        ...(this.#accessToken !== null && { authorization: `Bearer ${this.#accessToken}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw new ApiError(0, 'unreachable', 'The server does not answer.');
    });
    if (response.ok) return response;
    const told = (await response.json().catch(() => ({}))) as { code?: string; message?: string };
    const words = told.message ?? `The server answered with ${response.status}.`;
    throw new ApiError(response.status, told.code ?? 'unknown', words);
  }
}
