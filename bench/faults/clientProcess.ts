import { answerRequests } from '../requestChannel.js';
import type { ClientReply, ClientRequest } from './clientMessages.js';
import { ReturningClients } from './returningClients.js';

/** Process entry of the clients that a server's end is tried on. */
const clients = new ReturningClients();

answerRequests(async (request: ClientRequest): Promise<ClientReply> => {
  switch (request.type) {
    case 'open': {
      const { address, folder, clients: count, speakers } = request;
      await clients.open(address, folder, count, speakers);
      return { backAfterMs: [] };
    }
    case 'untilBack': {
      const { killedAtUs, timeoutMs } = request;
      return { backAfterMs: await clients.untilBack(killedAtUs, timeoutMs) };
    }
    case 'close':
      await clients.close();
      return { backAfterMs: [] };
  }
});
