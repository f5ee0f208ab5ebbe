import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import { isShown, type ShownFingerprints } from '../../engine/fingerprint.js';
import { listKnownServers } from '../../engine/serverPins.js';
import { parseServerAddress } from '../../engine/serverAddress.js';
import type { Output } from '../output.js';
import {
  askAccountPassword,
  askNewAccountPassword,
  terminal,
  type PassphraseSurroundings,
} from '../passphrasePrompt.js';
import { AdminClient, otherCertificate, readGranted, usualOrigin } from './adminClient.js';
import { askOnce, type AdminPlace } from './adminConnection.js';
import { faultOfAnswer, noRookery } from './adminFaults.js';
import { changeAdminSessions, withSession } from './adminSessions.js';
import { parseAdminTarget, type AdminTarget } from './adminTarget.js';

/** What every command takes that runs a server. */
export interface AdminOptions {
  readonly profile: string;
  /** Without it the server that the user logged in to last. */
  readonly serverAdmin?: AdminTarget;
}

export interface AdminLoginOptions extends AdminOptions {
  /** Of an account. */
  readonly name: string;
  /** Makes the account, which owns the server then. */
  readonly ownerToken?: string;
  /** Of the server's key, as parseFingerprint() writes it; else one that the profile knows. */
  readonly fingerprint?: string;
}

const me = z.object({ displayName: z.string(), role: z.string() });

/**
 * Logs in, and keeps what it takes to go on.
 *
 * @throws ClientError `loginRefused`, `serverUnknown`, `fingerprintChanged`, `unreachable`, and as
 *   askAccountPassword()
 */
export async function logIn(
  options: AdminLoginOptions,
  output: Output,
  surroundings: PassphraseSurroundings = terminal,
): Promise<void> {
  const { profile, name, ownerToken, serverAdmin } = options;
  const target = serverAdmin ?? parseAdminTarget(usualOrigin);
  const trusted = target.isSecure ? await trustedFingerprints(options, target) : [];
  let fingerprint: string | null = null;
  const place: AdminPlace = {
    target,
    checkFingerprint: (shown) => {
      checkTrusted(target, trusted, shown);
      fingerprint = shown.key;
    },
  };
  // Who cannot be asked, or is somebody else, is found before a password is typed.
  await askOnce(place, { method: 'GET', path: '/me', accessToken: null });
  const isNew = ownerToken !== undefined;
  const password = await (isNew ? askNewAccountPassword : askAccountPassword)(surroundings, name);
  const answer = await askOnce(place, {
    ...{ method: 'POST', path: isNew ? '/owner' : '/login', accessToken: null },
    body: { ...(isNew && { ownerToken }), name, password },
  });
  if (answer.status === 401) throw refused(isNew ? 'ownerToken' : 'password', target);
  if (answer.status !== 200) throw faultOfAnswer(answer, target);
  const { refreshToken } = readGranted(answer, target);
  await changeAdminSessions(profile, (before, write) =>
    write({
      ...withSession(before, target.origin, { name, refreshToken, fingerprint }),
      lastOrigin: target.origin,
    }),
  );
  await tellWho(await AdminClient.open(profile, target), output);
}

/** Ends the session, also where the server is not there. @throws ClientError `unreachable` then */
export async function logOut(
  { profile, serverAdmin }: AdminOptions,
  output: Output,
): Promise<void> {
  const client = await AdminClient.open(profile, serverAdmin ?? null);
  await client.logOut();
  const { origin } = client.target;
  output.result({ event: 'loggedOut', server: origin }, `logged out at ${origin}`);
}

async function tellWho(client: AdminClient, output: Output): Promise<void> {
  const { origin } = client.target;
  const answer = me.safeParse(await client.ask({ method: 'GET', path: '/me' }));
  if (!answer.success) throw noRookery(origin);
  const { displayName: name, role } = answer.data;
  output.result(
    { event: 'loggedIn', server: origin, name, role },
    `logged in at ${origin} as ${name} (${role})`,
  );
}

/** What was given, else what the profile knows of servers on that host. */
async function trustedFingerprints(
  { profile, fingerprint }: AdminLoginOptions,
  { host }: AdminTarget,
): Promise<readonly string[]> {
  if (fingerprint !== undefined) return [fingerprint];
  const known = await listKnownServers(profile);
  return known
    .filter(({ address }) => parseServerAddress(address).host === host)
    .map((server) => server.fingerprint);
}

function checkTrusted(
  target: AdminTarget,
  trusted: readonly string[],
  shown: ShownFingerprints,
): void {
  if (trusted.some((one) => isShown(one, shown))) return;
  const [expected] = trusted;
  if (expected !== undefined) throw otherCertificate(target, expected, shown.key);
  throw new ClientError(
    'serverUnknown',
    `this profile does not know the server at ${target.origin}, which shows the fingerprint ` +
      `${shown.key}: ask its operator whether that is it, and log in with --fingerprint then`,
    { facts: { shownFingerprint: shown.key } },
  );
}

function refused(what: 'password' | 'ownerToken', { origin }: AdminTarget): ClientError {
  return new ClientError(
    'loginRefused',
    what === 'password'
      ? `${origin} knows no moderator or administrator of this name and password. A password is ` +
          'set with `rookery account`; who has lost theirs asks the owner'
      : `${origin} does not take this token of the owner: \`rookery owner-token\` on ` +
          "the server's machine makes another",
  );
}
