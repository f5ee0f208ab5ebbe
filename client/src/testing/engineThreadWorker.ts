// Stands for the engine's process of Electron: the same service, in a thread.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { ClientHost } from '../host/clientHost.js';
import { serveShell } from '../main/engineService.js';
import type { ShellOrder } from '../main/shellMessages.js';
import { electronPort } from './electronPorts.js';

/** A message to it: ports travel within, as they do beside it under Electron. */
export interface ThreadOrder {
  readonly order: ShellOrder;
  readonly ports: readonly MessagePort[];
}

const { profileFolder } = workerData as { readonly profileFolder: string };

void serveShell({
  parent: {
    postMessage: (news) => parentPort?.postMessage(news),
    on: (_event, listener) =>
      parentPort?.on('message', ({ order, ports }: ThreadOrder) =>
        listener({ data: order, ports: ports.map(electronPort) }),
      ),
  },
  open: (options) =>
    ClientHost.open({
      ...options,
      profileFolder,
      clientName: 'test/1',
      timeoutMs: 5_000,
      reconnectMs: 0,
    }),
  exit: (code) => process.exit(code),
});
