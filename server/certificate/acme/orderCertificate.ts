import type { Authorization, Client } from 'acme-client';
import { ServerError } from '../../errors.js';
import type { AcmeConfig } from './acmeConfig.js';
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

/** Of one request to the authority. */
const requestMs = 30_000;

/**
 * Has a certificate issued for the names of the order (RFC 8555): account, order, a challenge for
 * each name, certificate. The one user of acme-client, which is loaded when it is first needed.
 *
 * @param signal gives up; what the authority was asked for may still happen there
 * @returns PEM, leaf first
 * @throws ServerError `acmeFailed`, `addressInUse` for the port of the challenge
 */
export async function orderCertificate(
  order: CertificateOrder,
  signal: AbortSignal,
): Promise<string> {
  const given = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(failed(order, 'it was given up', null));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([given, issue(order, signal)]);
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw failed(order, error instanceof Error ? error.message : String(error), error);
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
  const finished = await client.finalizeOrder(begun, request);
  return client.getCertificate(finished);
}

async function openClient({ directory, accountKey, pollMs, pollMsMax }: CertificateOrder) {
  const acme = await import('acme-client');
  // It would wait inside, for as long as the authority says: the next try is for us to time.
  Object.assign(acme.axios.defaults, { timeout: requestMs });
  Object.assign((acme.axios.defaults as { acmeSettings?: object }).acmeSettings ?? {}, {
    retryMaxAttempts: 0,
  });
  const client = new acme.Client({
    directoryUrl: directory,
    accountKey,
    ...{ backoffAttempts: pollsMax, backoffMin: pollMs, backoffMax: pollMsMax },
  });
  return { acme, client };
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
      await proveOne(authorization, client, order, listener);
    }
  } finally {
    signal.removeEventListener('abort', close);
    if (!signal.aborted) await listener.close();
  }
}

async function proveOne(
  authorization: Authorization,
  client: Client,
  order: CertificateOrder,
  listener: ChallengeListener,
): Promise<void> {
  const domain = authorization.identifier.value;
  const kind = order.challenge;
  const challenge = authorization.challenges.find(({ type }) => type === kind);
  if (challenge === undefined) {
    const offered = authorization.challenges.map(({ type }) => type).join(', ');
    throw failed(order, `it offers no ${kind} for ${domain}, but ${offered}`, null);
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
  await client.completeChallenge(challenge);
  try {
    await client.waitForValidStatus(challenge);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failed(order, `${reason} (${kind} of ${domain})`, cause);
  }
}

function failed(
  { domains, directory, challenge }: CertificateOrder,
  reason: string,
  cause: unknown,
) {
  const publicPort = challenge === 'http-01' ? 80 : 443;
  return new ServerError(
    'acmeFailed',
    `${new URL(directory).host} issued no certificate for ${domains.join(', ')}: ${reason}. ` +
      `Every name has to lead to this machine, and TCP port ${publicPort} from outside to the ` +
      'port of the challenge.',
    { cause },
  );
}
