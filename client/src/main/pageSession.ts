import { readFile } from 'node:fs/promises';
import { protocol, session, type Session } from 'electron';
import { pageHeaders } from '../host/pageHeaders.js';
import { pageFileOf, pageOrigin, pageScheme } from './pageFiles.js';
import { isAllowed } from './shellLinks.js';

/** Before Electron is ready: pages of ours are like those of a secure site. */
export function announcePageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }]);
}

/** Serves the page, and nothing else: its session reaches no network and may ask for little. */
export function openPageSession(pageFolder: string): Session {
  const pages = session.fromPartition('rookery');
  pages.protocol.handle(pageScheme, (request) => answer(request, pageFolder));
  pages.setPermissionRequestHandler((_contents, permission, done, { requestingUrl }) =>
    done(isAllowed(permission, new URL(requestingUrl).origin, pageOrigin)),
  );
  pages.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isAllowed(permission, requestingOrigin, pageOrigin),
  );
  pages.setDevicePermissionHandler(() => false);
  pages.webRequest.onBeforeRequest(({ url }, done) =>
    done({ cancel: !/^(rookery-page|blob|data|devtools|chrome-extension):/.test(url) }),
  );
  return pages;
}

async function answer({ url }: Request, pageFolder: string): Promise<Response> {
  const file = pageFileOf(url, pageFolder);
  if (file === null) return new Response(null, { status: 404, headers: pageHeaders });
  try {
    const headers = { ...pageHeaders, 'content-type': file.contentType };
    return new Response(await readFile(file.path), { headers });
  } catch {
    return new Response(null, { status: 404, headers: pageHeaders });
  }
}
