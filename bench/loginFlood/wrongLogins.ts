import { ClientError } from '@rookery/client/engine/clientError';
import { setTimeout as delay } from 'node:timers/promises';
import { applicationProtocol } from '@rookery/schemas/protocol';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId } from '@rookery/transport/quicTypes';
import { BotSession, createIdentity } from '@rookery/client/bots/botSession';

/** What became of a flood. */
export interface FloodResult {
  /** Logins that were begun. */
  readonly begun: number;
  /** Of them, those that were refused within the time of the flood. */
  readonly refused: number;
  /** Let in: there should be none. */
  readonly letIn: number;
  /** How long it took to begin them. */
  readonly seconds: number;
}

/** As from many homes. */
const addressesDefault = 200;
/** Of 127.0.0.0/8, beside those of other benches. */
const firstHost = '127.9.0.';
const turnMs = 10;
/** As many keys are made before: it is not the making that is measured. */
const identities = 64;

interface Home {
  readonly driver: QuicDriver;
  readonly sessions: Map<ConnectionId, BotSession>;
}

/**
 * Begins logins with a wrong password at an even pace, from many addresses, each on a connection
 * of its own.
 *
 * @param port of a server on 127.0.0.1
 * @param addresses from which they come
 */
export async function floodWithWrongLogins(
  port: number,
  perSecond: number,
  seconds: number,
  addresses = addressesDefault,
): Promise<FloodResult> {
  const homes = await Promise.all(
    Array.from({ length: addresses }, (_, index) => openHome(port, `${firstHost}${index + 1}`)),
  );
  const keys = Array.from({ length: identities }, createIdentity);
  const beganMs = performance.now();
  let begun = 0;
  let refused = 0;
  let letIn = 0;
  while (performance.now() - beganMs < seconds * 1_000) {
    const due = ((performance.now() - beganMs) / 1_000) * perSecond;
    // What a busy machine makes late is not made good by a burst.
    for (let inTurn = 0; begun < due && inTurn < perSecond / 10; inTurn++) {
      const { driver, sessions } = homes[begun % addresses]!;
      const connection = driver.connect({ host: '127.0.0.1', port }, 'localhost');
      const session = new BotSession(driver, connection);
      sessions.set(connection, session);
      session
        .login(`Stranger ${begun}`, keys[begun % identities], { password: `wrong ${begun}` })
        .then(() => (letIn += 1))
        .catch((error: unknown) => {
          if (!(error instanceof ClientError)) throw error;
          refused += 1;
        })
        .finally(() => sessions.delete(connection));
      begun += 1;
    }
    await delay(turnMs);
  }
  const result = { begun, refused, letIn, seconds: (performance.now() - beganMs) / 1_000 };
  await Promise.all(homes.map(({ driver }) => driver.close(0, '')));
  return result;
}

async function openHome(port: number, localHost: string): Promise<Home> {
  const sessions = new Map<ConnectionId, BotSession>();
  const driver = await startQuicClient({
    alpn: applicationProtocol,
    limits: defaultQuicLimits,
    onEvent: (event) => sessions.get(event.connection)?.handleEvent(event),
    remote: { host: '127.0.0.1', port },
    localHost,
  });
  return { driver, sessions };
}
