import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';
import { sampleManifest, signedManifest } from '@rookery/schemas/testing/signedRelease';

type ReleaseClient = NonNullable<ReleaseManifest['client']>;

/** A place of releases on loopback, which counts who asks. */
export class ReleaseFolder {
  readonly files = new Map<string, Buffer>();
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  /** Answers in place of the files; null: those do. */
  answer: RequestListener | null = null;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const { url = '' } = request;
      this.asked.push(url);
      const file = this.files.get(url.replace('/releases/', ''));
      if (this.answer !== null) this.answer(request, response);
      else if (file !== undefined) response.end(file);
      else response.writeHead(404).end();
    });
  }

  static async open(): Promise<ReleaseFolder> {
    const folder = new ReleaseFolder();
    folder.server.listen(0, '127.0.0.1');
    await once(folder.server, 'listening');
    return folder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/releases`;
  }

  /** Puts a client there, signed by `releaseKey`. */
  publish(
    version: string,
    more: Partial<ReleaseClient> = {},
    times: Partial<Pick<ReleaseManifest, 'issued' | 'expires'>> = {},
  ): void {
    const client = { version, page: 'https://example.org/get', notes: '', files: [], ...more };
    const { bytes, signature } = signedManifest(sampleManifest(version, { client, ...times }));
    this.put(bytes, signature);
  }

  put(manifest: Buffer, signature: Buffer): void {
    this.files.set('manifest.json', manifest);
    this.files.set('manifest.json.sig', signature);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
