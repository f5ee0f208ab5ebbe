import { ClientError } from './clientError.js';
import type { ConnectOptions, EngineOptions } from './engineOptions.js';
import type { ConnectStep, State, StateStore } from './engineState.js';
import type { ServerAddress } from './serverAddress.js';
import { checkServerPin, type ServerCheck } from './serverPins.js';
import { notConnected } from './sessionFaults.js';

/** The way in, as the State shows it. */
export function connecting(address: ServerAddress, step: ConnectStep): Pick<State, 'connection'> {
  return { connection: { phase: 'connecting', address, step } };
}

/** Shows how far the first connection came; one that comes back has a state of its own. */
export function showStep(store: Pick<StateStore, 'state' | 'update'>, step: ConnectStep): void {
  const { connection } = store.state;
  if (connection.phase === 'connecting') store.update(connecting(connection.address, step));
}

/** The check of a server before anything is said to it. It throws as checkServerPin(). */
export function serverCheck(
  { profileFolder, trust }: EngineOptions,
  options: ConnectOptions,
  store: Pick<StateStore, 'state' | 'update'>,
): ServerCheck {
  const unknown = trust === undefined ? 'remember' : 'refuse';
  return async (shown) => {
    const advice = { ...options, unknown } as const;
    const pin = await checkServerPin(profileFolder, options.address, shown, advice);
    showStep(store, 'loggingIn');
    return pin;
  };
}

/**
 * Connects; where the server was never met, asks the user about it without a connection, however
 * long that takes, and connects again to that very server.
 *
 * @throws ClientError as `attempt`, `serverUnknown` where the user does not trust it
 */
export async function withTrust(
  { trust }: EngineOptions,
  options: ConnectOptions,
  store: Pick<StateStore, 'state' | 'update'>,
  signal: AbortSignal,
  attempt: (options: ConnectOptions) => Promise<unknown>,
): Promise<void> {
  showStep(store, 'reaching');
  try {
    await attempt(options);
  } catch (error) {
    const fingerprint = unknownFingerprintOf(error);
    if (trust === undefined || fingerprint === null) throw error;
    showStep(store, 'trusting');
    const isTrusted = await trust({ address: options.address, fingerprint }, signal);
    if (signal.aborted) throw notConnected();
    if (!isTrusted) throw error;
    showStep(store, 'reaching');
    await attempt({ ...options, expectedFingerprint: fingerprint });
  }
}

function unknownFingerprintOf(error: unknown): string | null {
  if (!(error instanceof ClientError) || error.code !== 'serverUnknown') return null;
  return error.facts.shownFingerprint ?? null;
}
