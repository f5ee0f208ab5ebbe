import { request } from 'node:http';
import { apiPrefix } from '../admin/api/adminApi.js';

export interface ApiAnswer {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Somebody who asks the admin interface of a server on loopback. */
export class ApiClient {
  accessToken: string | null = null;
  refreshToken = '';

  constructor(readonly port: number) {}

  /** @param path below the prefix of the API, sent as it stands */
  async ask(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    return this.send(method, apiPrefix + path, body === undefined ? null : JSON.stringify(body));
  }

  /** Logs in, or fails. */
  async login(path: '/login' | '/owner' | '/renew', body: object): Promise<ApiAnswer> {
    const answer = await this.ask('POST', path, body);
    if (answer.status === 200) {
      this.accessToken = answer.body['accessToken'] as string;
      this.refreshToken = answer.body['refreshToken'] as string;
    }
    return answer;
  }

  send(method: string, path: string, body: string | null, type = json): Promise<ApiAnswer> {
    const headers = {
      ...(this.accessToken !== null && { authorization: `Bearer ${this.accessToken}` }),
      ...(body !== null && { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port: this.port, method, path, headers },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          incoming.once('end', () => {
            const isJson = incoming.headers['content-type']?.startsWith(json) === true;
            const parsed = isJson ? (JSON.parse(text) as ApiAnswer['body']) : {};
            resolve({ status: incoming.statusCode!, body: parsed });
          });
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body ?? undefined);
    });
  }
}

const json = 'application/json';
