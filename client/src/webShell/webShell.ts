import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import type { ClientHost } from '../host/clientHost.js';
import { pageHeaders } from '../host/pageHeaders.js';
import { PageAccess } from './pageAccess.js';
import { SocketPort } from './socketPort.js';

/** Longest message of a page: what somebody pastes, not files. */
const messageBytesMax = 1_024 * 1_024;

const refusals = {
  foreignHost: [421, 'This page is at 127.0.0.1 alone.'],
  unknown: [
    403,
    'This page belongs to the Rookery client that serves it. Start the client again, or open the ' +
      'address that it printed: each address works once.',
  ],
} as const;

/** The client's windows as pages of a local browser: `npm run client -- --browser`. */
export interface WebShell {
  /** Where the next page is to be opened; works once. */
  newAddress(): string;
  close(): Promise<void>;
}

export interface WebShellOptions {
  readonly host: Pick<ClientHost, 'addPort'>;
  /** Of the built page. */
  readonly pageFolder: string;
  /** On loopback; 0 for any. */
  readonly port: number;
}

/** @throws Error with code EADDRINUSE where the port is taken */
export async function openWebShell({ host, pageFolder, port }: WebShellOptions): Promise<WebShell> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const access = new PageAccess((server.address() as AddressInfo).port);
  const files = sirv(pageFolder, { etag: true, single: false });
  server.on('request', (request, response) => serve(access, files, request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!access.allowsSocket(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      host.addPort(new SocketPort(webSocket));
    });
  });
  return { newAddress: () => access.newAddress(), close: () => close(server, sockets) };
}

function serve(
  access: PageAccess,
  files: ReturnType<typeof sirv>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
  const verdict = access.judgePage(request);
  if (verdict === 'admit') {
    // Without the token, so that it is in no history and no bookmark.
    response.writeHead(303, { location: '/', 'set-cookie': access.cookieHeader }).end();
  } else if (verdict === 'allowed') {
    files(request, response, () => void response.writeHead(404).end());
  } else {
    const [status, words] = refusals[verdict];
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${words}\n`);
  }
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
