import { setTimeout as sleep } from 'node:timers/promises';
import type { Authorization, Client, Order } from 'acme-client';
import { ServerError } from '../../errors.js';
import type { AcmeConfig } from './acmeConfig.js';
import { mendRequests, problemText, waitAskedFor } from './authorityTalk.js';
import { openChallengeListener, type ChallengeListener } from './challengeListener.js';

/** What it takes to have a certificate issued. */
export interface CertificateOrder extends AcmeConfig {
  /** Where the challenge is answered; "::" means all addresses. */
  readonly host: string;
  /** PEM: who we are to the authority. */
  readonly accountKey: string;
  /** PEM: what the certificate is to be for. */
  readonly privateKey: string;
  /** Between two looks at what the authority does, at first and at most. */
  readonly pollMs: number;
  readonly pollMsMax: number;
}

/** As often as the authority is asked whether it is done, in one step of an order. */
const pollsMax = 20;

/** An authority that wants more time than this is left alone until the next try. */
const waitMsMax = 60_000;

/**
 * Has a certificate issued for the names of the order (RFC 8555): account, order, a challenge for
 * each name, certificate. The one user of acme-client, which is loaded when it is first needed.
 *
 * @param signal gives up; what the authority was asked for may still happen there
 * @returns PEM, leaf first
 * @throws ServerError `acmeFailed`, `acmeUnreachable`, `acmeRateLimited`; `addressInUse` for the
 *   port of the challenge
 */
export async function orderCertificate(
  order: CertificateOrder,
  signal: AbortSignal,
): Promise<string> {
  const given = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new ServerError('acmeFailed', 'it was given up'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([given, issue(order, signal)]);
  } catch (error) {
    throw told(order, error);
  }
}

async function issue(order: CertificateOrder, signal: AbortSignal): Promise<string> {
  const { domains, email, privateKey } = order;
  const { acme, client } = await openClient(order);
  await client.createAccount({
    termsOfServiceAgreed: true,
    ...(email !== null && { contact: [`mailto:${email}`] }),
  });
  const identifiers = domains.map((value) => ({ type: 'dns', value }));
  const begun = await client.createOrder({ identifiers });
  const pending = (await client.getAuthorizations(begun)).filter(({ status }) => {
    // What was proven a while ago is not asked again.
    return status !== 'valid';
  });
  if (pending.length > 0) await prove(pending, client, order, signal);
  const [, request] = await acme.crypto.createCsr({ altNames: [...domains] }, privateKey);
  const asked = await client.finalizeOrder(begun, request);
  const finished = await settled(asked, () => client.getOrder(begun), order, signal);
  if (finished.status !== 'valid') {
    const reason = problemText(finished.error) || `the order is ${finished.status}`;
    throw new ServerError('acmeFailed', reason);
  }
  // Of several chains the authority's first choice: the one that most clients trust.
  return client.getCertificate(finished);
}

async function openClient({ directory, accountKey }: CertificateOrder) {
  const acme = await import('acme-client');
  mendRequests(acme.axios);
  return { acme, client: new acme.Client({ directoryUrl: directory, accountKey }) };
}

/**
 * Asks for something until the authority is done with it, as seldom as the authority wants.
 *
 * @param before what the authority answered before
 * @throws ServerError `acmeFailed` where that takes too long
 */
async function settled<T extends { readonly status: string }>(
  before: object,
  ask: () => Promise<T>,
  { pollMs, pollMsMax }: CertificateOrder,
  signal: AbortSignal,
): Promise<T> {
  let waitMs = waitAskedFor(before) ?? 0;
  for (let polls = 0; polls < pollsMax; polls++) {
    if (waitMs > waitMsMax) {
      const options = { retryAfterMs: waitMs };
      throw new ServerError('acmeFailed', 'it takes its time, and is asked again later', options);
    }
    await sleep(waitMs, undefined, { signal });
    const item = await ask();
    if (item.status !== 'pending' && item.status !== 'processing') return item;
    waitMs = Math.max(Math.min(pollMs * 2 ** polls, pollMsMax), waitAskedFor(item) ?? 0);
  }
  throw new ServerError('acmeFailed', 'it was not done in time');
}

/** Answers the authority for each name, one after another: one port serves all. */
async function prove(
  pending: readonly Authorization[],
  client: Client,
  order: CertificateOrder,
  signal: AbortSignal,
): Promise<void> {
  const listener = await openChallengeListener(order.challenge, order);
  const close = (): void => void listener.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    for (const authorization of pending) {
      if (signal.aborted) return;
      await proveOne(authorization, { client, order, listener, signal });
    }
  } finally {
    signal.removeEventListener('abort', close);
    if (!signal.aborted) await listener.close();
  }
}

interface Proving {
  readonly client: Client;
  readonly order: CertificateOrder;
  readonly listener: ChallengeListener;
  readonly signal: AbortSignal;
}

async function proveOne(
  authorization: Authorization,
  { client, order, listener, signal }: Proving,
): Promise<void> {
  const domain = authorization.identifier.value;
  const kind = order.challenge;
  const challenge = authorization.challenges.find(({ type }) => type === kind);
  if (challenge === undefined) {
    const offered = authorization.challenges.map(({ type }) => type).join(', ');
    throw new ServerError('acmeFailed', `it offers no ${kind} for ${domain}, but ${offered}`);
  }
  const keyAuthorization = await client.getChallengeKeyAuthorization(challenge);
  if (kind === 'http-01') listener.answer({ kind, token: challenge.token, keyAuthorization });
  else {
    const { crypto } = await import('acme-client');
    const key = await crypto.createPrivateEcdsaKey();
    const [privateKey, certificate] = await crypto.createAlpnCertificate(
      ...([authorization, keyAuthorization, key] as const),
    );
    const pem = { certificate: certificate.toString(), privateKey: privateKey.toString() };
    listener.answer({ kind, domain, ...pem });
  }
  const begun = await client.completeChallenge(challenge);
  const look = async (): Promise<Authorization> => {
    const [now] = await client.getAuthorizations({ authorizations: [authorization.url] } as Order);
    return now!;
  };
  const { status, challenges } = await settled(begun, look, order, signal);
  if (status === 'valid') return;
  const faults = challenges.map(({ error }) => problemText(error)).filter((text) => text !== '');
  const reason = faults[0] ?? `the authorization is ${status}`;
  throw new ServerError('acmeFailed', `${reason} (${kind} of ${domain})`);
}

/** The fault with all that an operator needs to know, and what to do next. */
function told({ domains, directory, challenge }: CertificateOrder, error: unknown): ServerError {
  const reason = error instanceof Error ? error.message : String(error);
  const { host } = new URL(directory);
  const names = domains.join(', ');
  const [code, cause] = error instanceof ServerError ? [error.code, error.cause] : [null, error];
  const retryAfterMs = error instanceof ServerError ? error.retryAfterMs : null;
  switch (code) {
    case 'acmeUnreachable':
      return new ServerError(
        code,
        `${host} cannot be reached for a certificate for ${names}: ${reason}. Look whether this ` +
          'machine has the right time, finds that name, and gets out to that port.',
        { cause },
      );
    case 'acmeRateLimited':
      return new ServerError(
        code,
        `${host} issues no certificate for ${names} for now: ${reason}. There is nothing to mend ` +
          'here: the next try waits for as long as it wants. More tries until then may make it ' +
          'longer.',
        { cause, retryAfterMs },
      );
    case 'acmeFailed':
    case null: {
      const publicPort = challenge === 'http-01' ? 80 : 443;
      return new ServerError(
        'acmeFailed',
        `${host} issued no certificate for ${names}: ${reason}. Every name has to lead to this ` +
          `machine, and TCP port ${publicPort} from outside to the port of the challenge.`,
        { cause, retryAfterMs },
      );
    }
    default:
      return error as ServerError;
  }
}
