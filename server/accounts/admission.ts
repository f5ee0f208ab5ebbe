import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { Auth } from '@rookery/schemas/messages';
import type { LoginRefusal } from '../session/connection.js';
import type { CheckedIdentity } from '../session/identityCheck.js';
import type { AccountDesk } from './accountDesk.js';
import { isOwnerToken } from './codes.js';
import type { Entry } from './entry.js';

export interface AdmissionOptions {
  readonly accounts: Pick<AccountDesk, 'registrar' | 'codes' | 'invites' | 'names' | 'passwords'>;
  readonly entry: Pick<Entry, 'passwordGate' | 'tickets'>;
}

/** Somebody may come in. */
export interface Admitted {
  /** What a ticket for the next login stands for; null where nothing was asked for. */
  readonly proven: AskedPasswords | null;
}

/** Which passwords a login is asked for. */
export interface AskedPasswords {
  readonly ofServer: boolean;
  /** Argon2id hash of the one of the account; null where it has none. */
  readonly accountHash: string | null;
}

/** Has a password checked when it is the user's turn. */
export type TakeTurn = (check: () => Promise<boolean | 'busy'>) => Promise<boolean | 'busy'>;

/** A login that waits for something. */
interface Pending {
  /** Settles with what is wrong with the passwords; null where they are right, or a ticket is. */
  readonly checking: Promise<LoginRefusal | null> | null;
  readonly asked: AskedPasswords;
  readonly admitted: Admitted;
}

/**
 * Decides whether somebody whose key is proven is let in:
 *
 *     password of the account ► code ► what the registration asks for ► the name is free
 *
 * Whoever is registered is asked for no more than the first. A name that is taken is refused before
 * a code is used up or somebody is asked, but told to nobody who knows neither password nor code:
 * the door does not say who is inside. Main thread.
 */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Whether those are asked for the server's password who are not registered. */
  get isPasswordAsked(): boolean {
    return this.#options.entry.passwordGate !== null && this.registration === Registration.Password;
  }

  get registration(): Registration {
    return this.#options.accounts.registrar.registration;
  }

  /**
   * @returns at once where nobody has to wait for anything
   * @throws ServerError of the store, by the promise
   */
  decide(
    identity: CheckedIdentity,
    auth: Auth,
    inTurn: TakeTurn,
  ): Admitted | LoginRefusal | Promise<Admitted | LoginRefusal> {
    const { accounts } = this.#options;
    const { userId } = identity;
    const isRegistered = accounts.registrar.isRegistered(userId);
    const asked = {
      ofServer: this.isPasswordAsked && !isRegistered && auth.inviteCode === '',
      accountHash: accounts.passwords.hashOf(userId),
    };
    const isAsked = asked.ofServer || asked.accountHash !== null;
    const isOpen = isRegistered || asked.ofServer || this.registration === Registration.Open;
    const admitted = { proven: isAsked ? asked : null };
    const isProven = !isAsked || this.#isTicketGood(identity, auth, asked);
    const isToldNames = isRegistered || this.#isWelcome(auth, !asked.ofServer || isProven);
    const nameRefusal = isToldNames ? this.nameRefusal(identity) : null;
    if (nameRefusal !== null) return nameRefusal;
    if (isProven && isOpen && auth.inviteCode === '') return admitted;
    const checking = isProven ? null : this.#checkPasswords(auth, asked, inTurn);
    return this.#decideLater(identity, auth, { checking, asked, admitted });
  }

  /** @returns why somebody cannot come under this name; null where it is free */
  nameRefusal({ userId, displayName }: CheckedIdentity): LoginRefusal | null {
    const message = this.#options.accounts.names.whyNot(displayName, userId);
    return message === null ? null : { reason: AuthFailure.NameTaken, message };
  }

  /** Whether a stranger has shown what lets one in, or only has to be let in by somebody. */
  #isWelcome({ inviteCode }: Auth, isPasswordProven: boolean): boolean {
    if (this.registration === Registration.Open) return true;
    if (inviteCode !== '') return this.#options.accounts.invites.find(inviteCode) !== null;
    return isPasswordProven && this.registration !== Registration.Invitation;
  }

  async #decideLater(
    identity: CheckedIdentity,
    auth: Auth,
    { checking, asked, admitted }: Pending,
  ): Promise<Admitted | LoginRefusal> {
    const refused = await checking;
    if (refused !== null) return refused;
    const { accounts } = this.#options;
    const { userId } = identity;
    const { registrar } = accounts;
    if (auth.inviteCode !== '') {
      const outcome = await accounts.codes.redeem(userId, auth.inviteCode);
      const isNeeded = isOwnerToken(auth.inviteCode)
        ? registrar.isAbove('owner', userId)
        : !registrar.isRegistered(userId);
      return outcome === 'bad' && isNeeded ? badInvitation : admitted;
    }
    const isLetIn = registrar.isRegistered(userId) || asked.ofServer;
    if (isLetIn) return admitted;
    switch (registrar.registration) {
      case Registration.Open:
        return admitted;
      case Registration.Password:
        // It was changed while this login waited.
        return wrongPassword;
      case Registration.Invitation:
        return invitationNeeded;
      case Registration.Approval:
        return approvalWords[await registrar.ask(userId, identity.displayName)];
    }
  }

  async #checkPasswords(
    auth: Auth,
    { ofServer, accountHash }: AskedPasswords,
    inTurn: TakeTurn,
  ): Promise<LoginRefusal | null> {
    const { accounts, entry } = this.#options;
    const { passwordGate } = entry;
    if (ofServer && passwordGate !== null) {
      // No password is empty: nobody learns anything from a quick answer.
      if (auth.password === '') return wrongPassword;
      const answer = await inTurn(() => passwordGate.check(auth.password));
      if (answer !== true) return answer === 'busy' ? busy : wrongPassword;
    }
    if (accountHash === null) return null;
    if (auth.accountPassword === '') return wrongAccountPassword;
    const { passwords } = accounts;
    const answer = await inTurn(() => passwords.check(accountHash, auth.accountPassword));
    if (answer === true) return null;
    return answer === 'busy' ? busy : wrongAccountPassword;
  }

  #isTicketGood({ userId }: CheckedIdentity, { ticket }: Auth, asked: AskedPasswords): boolean {
    return ticket !== null && this.#options.entry.tickets.isGood(userId, ticket, asked);
  }
}

const busy: LoginRefusal = {
  reason: AuthFailure.Busy,
  message: 'Too many people log in at this moment. Try again in a few seconds.',
};

const wrongPassword: LoginRefusal = {
  reason: AuthFailure.WrongPassword,
  message: 'The server password is wrong. Ask whoever runs the server.',
};

const wrongAccountPassword: LoginRefusal = {
  reason: AuthFailure.AccountPassword,
  message:
    'Your account has a password, and this is not it. Whoever administers the server can ' +
    'remove it.',
};

const invitationNeeded: LoginRefusal = {
  reason: AuthFailure.InvitationNeeded,
  message: 'This server lets in who is registered or invited. Ask there for an invitation.',
};

const badInvitation: LoginRefusal = {
  reason: AuthFailure.BadInvitation,
  message: 'There is no such invitation, or it cannot be used any more. Ask for another.',
};

function awaiting(message: string): LoginRefusal {
  return { reason: AuthFailure.AwaitingApproval, message };
}

const approvalWords = {
  waits: awaiting('Somebody of the server has to let you in, and sees that you wait. Try later.'),
  denied: awaiting('Those who run the server decided not to let you in. Ask them why.'),
  full: awaiting('Too many wait to be let in. Try again another day, or ask for an invitation.'),
} as const;
