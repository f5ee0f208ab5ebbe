import { applicationProtocol } from '@rookery/schemas/protocol';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId, QuicEvent } from '@rookery/transport/quicTypes';
import { workAlpn } from '../micro/quicWork.js';
import { answerRequests } from '../requestChannel.js';
import { BotSession } from '@rookery/client/bots/botSession';
import type { FromIdleClients, IdleAs, ToIdleClients } from './memoryMessages.js';

const clientsPerAddress = 100;
/** Not too many at once, so that nothing is held for a crowd that has gone in. */
const atOnce = 8;
/** 127.0.0.1 is left to the servers. */
const firstHostNumber = 2;

/** Clients that do nothing once they are there. */
class IdleClients {
  #addresses = 0;
  #lost = 0;
  #connected = 0;

  async answer(request: ToIdleClients): Promise<FromIdleClients> {
    if (request.type === 'connect') {
      const { port, count, as } = request;
      for (let from = 0; from < count; from += clientsPerAddress) {
        await this.#connectFrom(port, Math.min(clientsPerAddress, count - from), as);
      }
    }
    return { lost: this.#lost };
  }

  async #connectFrom(port: number, count: number, as: IdleAs): Promise<void> {
    const remote = { host: '127.0.0.1', port };
    const sessions = new Map<ConnectionId, Pick<BotSession, 'handleEvent'>>();
    const driver: QuicDriver = await startQuicClient({
      alpn: as === 'session' ? applicationProtocol : workAlpn,
      limits: defaultQuicLimits,
      onEvent: (event) => {
        if (event.type === 'closed') this.#lost += 1;
        sessions.get(event.connection)?.handleEvent(event);
      },
      remote,
      localHost: `127.0.0.${firstHostNumber + this.#addresses++}`,
    });
    let left = count;
    const inTurn = async (): Promise<void> => {
      while (left-- > 0) {
        const connection = driver.connect(remote, 'localhost');
        if (as === 'session') {
          const session = new BotSession(driver, connection);
          sessions.set(connection, session);
          await session.login(`Bench ${++this.#connected}`);
        } else {
          await new Promise<void>((connected) => {
            const handleEvent = (event: QuicEvent): void => {
              if (event.type === 'connected') connected();
            };
            sessions.set(connection, { handleEvent });
          });
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, inTurn));
  }
}

const clients = new IdleClients();
answerRequests((request: ToIdleClients) => clients.answer(request));
