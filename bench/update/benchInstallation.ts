import { execFile } from 'node:child_process';
import { createReadStream, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BenchError } from '../benchError.js';

const run = promisify(execFile);

const releaseProgram = fileURLToPath(
  new URL('../../../scripts/release/release.mjs', import.meta.url),
);

/** What is installed first, what follows it, and what follows that and cannot run. */
export const benchVersions = { first: '1.0.0', next: '1.1.0', broken: '1.2.0' } as const;

/** What a broken server does as it starts; it is loaded well, and says its version. */
const brokenStart =
  "export const startServer = () => Promise.reject(new Error('Broken, for a bench.'));\n";

/** An installation with a server of this checkout, and signed releases of it on loopback. */
export class BenchInstallation {
  readonly root: string;
  readonly updateKey: string;
  readonly #server: Server;
  /** The release that is published. */
  #published: string = benchVersions.next;

  private constructor(root: string, updateKey: string) {
    this.root = root;
    this.updateKey = updateKey;
    this.#server = createServer((request, response) => {
      const file = join(root, 'releases', this.#published, (request.url ?? '').slice(1));
      if (existsSync(file)) createReadStream(file).pipe(response);
      else response.writeHead(404).end();
    });
  }

  /**
   * Makes it of what is built, which takes a while.
   *
   * @param root is made
   * @throws BenchError `childFailed`
   */
  static async make(root: string, say: (text: string) => void): Promise<BenchInstallation> {
    const [key, tree] = [join(root, 'key.pem'), join(root, 'tree')];
    mkdirSync(join(root, 'versions'), { recursive: true });
    const made = await runRelease('--make-key', key);
    const { first, next, broken } = benchVersions;
    say('making a release of this checkout\n');
    await runRelease('--no-build', '--packages', 'checkout', '--version', first, '--tree', tree);
    cpSync(tree, join(root, 'versions', first), { recursive: true });
    symlinkSync(`versions/${first}`, join(root, 'current'));
    for (const version of [next, broken]) {
      setVersion(tree, version);
      if (version === broken) {
        writeFileSync(join(tree, 'node_modules/@rookery/server/dist/startServer.js'), brokenStart);
      }
      say(`packing release ${version}\n`);
      await runRelease('--pack', tree, '--key', key, '--out', join(root, 'releases', version));
    }
    renameSync(tree, join(root, 'releases', 'tree'));
    const installation = new BenchInstallation(root, made.trim().split('\n').at(-1)!);
    installation.#server.listen(0, '127.0.0.1');
    await once(installation.#server, 'listening');
    return installation;
  }

  /** The program that is current. */
  get program(): string {
    return join(this.root, 'current', 'bin', 'rookery');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  publish(version: string): void {
    this.#published = version;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** @returns what it printed */
async function runRelease(...args: readonly string[]): Promise<string> {
  try {
    return (await run(process.execPath, [releaseProgram, ...args])).stdout;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError('childFailed', `No release could be made: ${reason}`, { cause });
  }
}

function setVersion(tree: string, version: string): void {
  const own = join(tree, 'node_modules', '@rookery');
  const files = [
    ...[join(tree, 'release.json'), join(tree, 'package.json')],
    ...readdirSync(own).map((name) => join(own, name, 'package.json')),
  ];
  for (const file of files) {
    const about = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...about, version }));
  }
}
