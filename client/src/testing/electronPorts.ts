import type { MessagePort } from 'node:worker_threads';
import type { PagePort } from '../bridge/messagePortFace.js';
import type { MainPort } from '../bridge/messagePortHost.js';

/** A port of Node, spoken to as Electron's MessagePortMain is. */
export function electronPort(port: MessagePort): MainPort {
  return {
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    on(event: 'message' | 'close', listener: (event: { readonly data: unknown }) => void) {
      port.on(event, (data: unknown) => listener({ data }));
    },
  };
}

/** A port of Node as a page has one; it is one, which the types do not say. */
export function pagePort(port: MessagePort): PagePort {
  return port as unknown as PagePort;
}
