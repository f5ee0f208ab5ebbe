import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where the console is. */
export const consolePath = '/console/';

/** What is served, by the ending of its name; nothing else is. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** It loads nothing from elsewhere, runs no code but its own, and stands in no frame. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

interface ConsoleFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Named after what it holds. */
  readonly isImmutable: boolean;
}

/**
 * Serves the built console. Its files are read once and found by their whole name, so that no path
 * leads anywhere else; a path without an ending is a page of it, and gets the one page there is.
 *
 * @param folder null, or missing, where it is not built: then it says so
 */
export function addConsolePages(server: FastifyInstance, folder: string | null): void {
  const files = folder === null ? new Map<string, ConsoleFile>() : readFiles(folder);
  server.get('/', (_request, reply) => reply.redirect(consolePath, 302));
  server.get('/console', (_request, reply) => reply.redirect(consolePath, 302));
  server.get<{ Params: { '*': string } }>(`${consolePath}*`, (request, reply) => {
    void reply.headers(headers);
    const path = request.params['*'];
    const name = extname(path) === '' ? 'index.html' : path;
    const file = files.get(name);
    if (file !== undefined) return sendFile(request, reply, file);
    void reply.code(files.size === 0 ? 503 : 404).type('text/plain; charset=utf-8');
    return reply.send(files.size === 0 ? notBuilt : 'There is no such page.\n');
  });
}

const notBuilt =
  'The console is not built. Run "npm run build" where Rookery is, and start the server again.\n';

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  const { bytes, type, etag, isImmutable } = file;
  const caching = isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache';
  void reply.headers({ etag, 'cache-control': caching });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(type).send(bytes);
}

/** By path below the folder, with slashes. */
function readFiles(folder: string): Map<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  for (const entry of entriesBelow(folder)) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
    const name = relative(folder, path).split(sep).join('/');
    files.set(name, { bytes, type, etag, isImmutable: name.startsWith('assets/') });
  }
  return files;
}

function entriesBelow(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
