import { extname, join, normalize, sep } from 'node:path';

/** Of the page in Electron: an origin of its own, so that the same policy holds as in a browser. */
export const pageScheme = 'rookery-page';
export const pageOrigin = `${pageScheme}://window`;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** A file of the page. */
export interface PageFile {
  readonly path: string;
  readonly contentType: string;
}

/**
 * Which file of the built page an address means. Pure.
 *
 * @returns null where it is none of the page's folder
 */
export function pageFileOf(address: string, pageFolder: string): PageFile | null {
  const { host, pathname } = new URL(address);
  const name = decoded(pathname === '/' ? '/index.html' : pathname);
  if (host !== 'window' || name === null || name.includes('\0')) return null;
  const path = normalize(join(pageFolder, name));
  if (!path.startsWith(normalize(pageFolder) + sep)) return null;
  const contentType = contentTypes[extname(path)] ?? 'application/octet-stream';
  return { path, contentType };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
