import { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { MakeInvite } from '@rookery/schemas/messages';
import type { InviteLink } from '../engine/inviteLink.js';
import type { Output } from './output.js';
import { runSession, type Session, type SessionOptions } from './session.js';
import { findUser } from './userTarget.js';

/** How those come in who are not registered. */
export type RegistrationMode = 'open' | 'password' | 'invitation' | 'approval';

const registrations: Readonly<Record<RegistrationMode, Registration>> = {
  open: Registration.Open,
  password: Registration.Password,
  invitation: Registration.Invitation,
  approval: Registration.Approval,
};

/** Makes an invitation and prints its link. */
export async function invite(
  options: SessionOptions,
  terms: Omit<MakeInvite, 'type'>,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { inviteId, code, link } = await engine.accounts.inviteByLink(terms);
    output.result({ event: 'invited', inviteId, code, link }, link);
  });
}

/** Prints the invitations that can be used. */
export async function listInvites(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    for (const info of await engine.accounts.invites()) {
      const { inviteId, role, uses, usesMax, expiresMs, note } = info;
      const limit = usesMax === 0 ? 'any number' : String(usesMax);
      const until = expiresMs === 0 ? 'for ever' : `until ${new Date(expiresMs).toISOString()}`;
      const text = `${inviteId}  ${role}, ${uses} of ${limit} used, ${until}  ${note}`;
      output.result({ event: 'invite', ...info }, text.trimEnd());
    }
  });
}

/** @param inviteId as the list shows it */
export async function withdrawInvite(
  options: SessionOptions,
  inviteId: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    await engine.accounts.withdrawInvite(inviteId);
    output.result({ event: 'inviteWithdrawn', inviteId }, `withdrew ${inviteId}`);
  });
}

/**
 * Logs in by an invitation. Where the link says which certificate the server has to show, that and
 * the one that the profile remembers must be the same.
 */
export async function joinByInvite(
  { address: server, code, fingerprint }: InviteLink,
  options: Omit<SessionOptions, 'server'>,
  output: Output,
): Promise<void> {
  const expected = fingerprint === null ? {} : { expectFingerprint: fingerprint };
  await runSession({ ...options, ...expected, server, invite: code }, output, (session) =>
    tellAccount(session),
  );
}

/** Uses the owner's token. */
export async function becomeOwner(
  options: SessionOptions,
  token: string,
  output: Output,
): Promise<void> {
  await runSession({ ...options, invite: token }, output, (session) => tellAccount(session));
}

/** Prints what one is on the server. */
export async function showAccount(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, (session) => tellAccount(session));
}

/** Prints who waits to be let in. */
export async function listRequests(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    for (const request of await engine.accounts.requests()) {
      const { userId, displayName, askedMs } = request;
      const since = new Date(askedMs).toISOString();
      output.result({ event: 'request', ...request }, `${displayName}  ${userId}  since ${since}`);
    }
  });
}

/** Makes somebody a member. @param user name or id */
export async function register(
  options: SessionOptions,
  user: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async (session) => {
    const userId = await findWaiting(session, user);
    await session.engine.accounts.register(userId);
    output.result({ event: 'registered', userId }, `${user} is registered`);
  });
}

/** Tells somebody who waits no. @param user name or id */
export async function deny(options: SessionOptions, user: string, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    const userId = await findWaiting(session, user);
    await session.engine.accounts.deny(userId);
    output.result({ event: 'denied', userId }, `${user} is not let in`);
  });
}

/** Says how others come in. */
export async function setMode(
  options: SessionOptions,
  mode: RegistrationMode,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    await engine.accounts.setRegistration(registrations[mode]);
    output.result({ event: 'registrationSet', mode }, `registration: ${mode}`);
  });
}

export async function rename(options: SessionOptions, name: string, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    await engine.accounts.setName(name);
    output.result({ event: 'renamed', name }, `you are ${name} now`);
  });
}

/** @param next '' removes it */
export async function setPassword(
  options: SessionOptions,
  next: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    await engine.accounts.setPassword(options.accountPassword ?? '', next);
    const text = next === '' ? 'no password is asked for' : 'the password is asked for from now on';
    output.result({ event: 'passwordSet', hasPassword: next !== '' }, text);
  });
}

/** @param user name or id of somebody who has forgotten the password */
export async function reset(options: SessionOptions, user: string, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const userId = await findUser(engine, user);
    await engine.accounts.resetPassword(userId);
    output.result({ event: 'passwordReset', userId }, `${user} has no password any more`);
  });
}

async function tellAccount({ engine, output }: Session): Promise<void> {
  const { role, isRegistered, hasPassword, registration } = await engine.accounts.read();
  const mode = Object.entries(registrations).find(([, kind]) => kind === registration)?.[0];
  const words = [
    `role: ${role}`,
    isRegistered ? 'registered' : 'not registered',
    hasPassword ? 'with a password' : 'without a password',
  ];
  output.result(
    { event: 'account', role, isRegistered, hasPassword, registration: mode },
    `${words.join(', ')} (others come in by: ${mode ?? 'unknown'})`,
  );
}

/** Somebody who waits is known to those who let in alone, not by name to all. */
async function findWaiting({ engine }: Session, user: string): Promise<string> {
  const waiting = await engine.accounts.requests();
  const found = waiting.filter(
    ({ displayName, userId }) => displayName === user || userId === user,
  );
  return found.length === 1 ? found[0]!.userId : findUser(engine, user);
}
