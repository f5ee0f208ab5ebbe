import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';
import { sampleManifest, signedManifest } from '@rookery/schemas/testing/signedRelease';
import { craftArchive, type CraftedEntry } from './craftedArchive.js';

/** Files of a release that is as small as can be: its program only answers what is asked of it. */
export function tinyRelease(version: string, schemaVersion = 1): CraftedEntry[] {
  const platform = `${process.platform}-${process.arch}`;
  const info = { version, platform, schemaVersion, updateKey: null, updateUrl: null };
  const program = `#!/bin/sh\n[ "$1" != --version ] || echo ${version}\n`;
  return [
    { path: 'top/', type: '5', mode: 0o755 },
    { path: 'top/release.json', content: JSON.stringify(info) },
    { path: 'top/bin/rookery', content: program, mode: 0o755 },
  ];
}

/** An installation with one version, as scripts/install.sh leaves it. */
export function makeInstallation(root: string, version: string): void {
  const folder = join(root, 'versions', version);
  for (const { path, type, content = '', mode = 0o644 } of tinyRelease(version)) {
    const inside = join(folder, path.replace('top/', ''));
    if (type === '5') mkdirSync(join(inside, 'bin'), { recursive: true });
    else writeFileSync(inside, content, { mode });
  }
  symlinkSync(`versions/${version}`, join(root, 'current'));
}

export interface PublishOptions {
  readonly entries?: readonly CraftedEntry[];
  readonly schemaVersion?: number;
  /** What the manifest says beyond the usual. */
  readonly manifest?: Partial<ReleaseManifest>;
  /** What comes in place of what was signed for. */
  readonly serve?: (archive: Buffer<ArrayBuffer>) => Buffer;
}

/**
 * A place of releases on loopback, and beside it the admin port of a server: it is of the version
 * that `current` leads to at that moment, and well unless told otherwise.
 */
export class LoopbackRelease {
  readonly files = new Map<string, Buffer>();
  /** Versions that never become healthy. */
  readonly sick = new Set<string>();
  /** Files that are asked for and never come. */
  readonly withheld = new Set<string>();
  readonly #server: Server;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** @param root of the installation */
  static async open(root: string): Promise<LoopbackRelease> {
    const release = new LoopbackRelease(root);
    release.#server.listen(0, '127.0.0.1');
    await once(release.#server, 'listening');
    return release;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/releases`;
  }

  publish(version: string, options: PublishOptions = {}): void {
    const { schemaVersion = 1, serve } = options;
    const archive = craftArchive(options.entries ?? tinyRelease(version, schemaVersion));
    const name = `rookery-server-${version}.tar.gz`;
    const file = {
      kind: 'server' as const,
      platform: `${process.platform}-${process.arch}`,
      name,
      bytes: archive.length,
      sha256: createHash('sha256').update(archive).digest('hex'),
    };
    const manifest = sampleManifest(version, { schemaVersion, files: [file], ...options.manifest });
    const { bytes, signature } = signedManifest(manifest);
    this.files.set(name, serve?.(archive) ?? archive);
    this.files.set('manifest.json', bytes);
    this.files.set('manifest.json.sig', signature);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const version = versionIn(join(this.#root, 'current'));
    const name = url.replace('/releases/', '');
    if (this.withheld.has(name)) return;
    const file = this.files.get(name);
    if (url === '/health') response.writeHead(this.sick.has(version) ? 503 : 200).end('{}');
    else if (url === '/stats') response.end(JSON.stringify({ version, uptimeSeconds: 0 }));
    else if (file !== undefined) response.end(file);
    else response.writeHead(404).end();
  }
}

function versionIn(folder: string): string {
  const text = readFileSync(join(folder, 'release.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
