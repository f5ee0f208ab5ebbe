import { generateKeyPairSync } from 'node:crypto';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { userIdOf } from '@rookery/schemas/loginMessage';
import type { Uuid } from '@rookery/schemas/messages';
import { displayNameLimits, normaliseName } from '@rookery/schemas/names';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { isAtLeast, type Role } from '@rookery/schemas/roles';
import type { AbuseDesk } from '../abuse/abuseDesk.js';
import type { AccessDesk } from '../access/accessDesk.js';
import type { AccountDesk } from '../accounts/accountDesk.js';
import type { PasswordPool } from '../session/passwordPool.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { Store } from '../store/store.js';

export interface OperatorLoginOptions {
  readonly store: Pick<Store, 'users'>;
  readonly access: Pick<AccessDesk, 'roleOf'>;
  readonly accounts: Pick<AccountDesk, 'passwords' | 'names' | 'codes'>;
  readonly abuse: Pick<AbuseDesk, 'loginGuard' | 'bans'>;
  readonly pool: PasswordPool;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** Somebody who may run the server. */
export interface ProvenOperator {
  readonly userId: Uuid;
  readonly displayName: string;
}

/** Below it nobody has anything to run. */
const roleMin: Role = 'moderator';

/** Of one name; more registered ones than one there are not, strangers there may be. */
const namesakesMax = 16;

/**
 * Lets people in who run the server from outside: by name and password of an account, or by the
 * owner's token the first time. Who fails is counted, and shut out, as at a login of a client;
 * every failure costs the same and reads the same, so that nobody learns which names there are.
 * Main thread; passwords are hashed elsewhere.
 */
export class OperatorLogin {
  readonly #options: OperatorLoginOptions;
  /** Of no password: what a name that there is not is held against. */
  #dummyHash: string | null = null;

  constructor(options: OperatorLoginOptions) {
    this.#options = options;
  }

  /**
   * @param source see `sourceKey`
   * @throws ServerError of the store
   */
  async byPassword(
    source: string,
    name: string,
    password: string,
  ): Promise<ProvenOperator | Refusal> {
    const { abuse, accounts } = this.#options;
    const shutOut = this.#refusalOf(source);
    if (shutOut !== null) return shutOut;
    const operator = await this.#named(name);
    const hash = operator === null ? null : accounts.passwords.hashOf(operator.userId);
    const against = hash ?? (await this.#anyHash());
    if (against === null) return busy;
    const isRight = await abuse.loginGuard.inTurn(source, operator?.userId ?? noUser, () =>
      accounts.passwords.check(against, password),
    );
    if (isRight === 'busy') return busy;
    if (isRight && operator !== null && hash !== null) return operator;
    abuse.bans.note('accountPassword', source, operator?.userId ?? null);
    return wrong;
  }

  /**
   * Makes an account that has no key, only a password, and has it own the server.
   *
   * @throws ServerError of the store
   */
  async byOwnerToken(
    source: string,
    token: string,
    wishedName: string,
    password: string,
  ): Promise<ProvenOperator | Refusal> {
    const { abuse, accounts, store, wallClockMs } = this.#options;
    const shutOut = this.#refusalOf(source);
    if (shutOut !== null) return shutOut;
    const publicKey = keyOfNobody();
    const userId = userIdOf(publicKey);
    const displayName = nameOf(wishedName);
    if (typeof displayName !== 'string') return displayName;
    const taken = accounts.names.whyNot(displayName, userId);
    if (taken !== null) return refusal(ErrorCode.NameTaken, taken);
    if (password === '') return refusal(ErrorCode.InvalidField, 'Choose a password.');
    const refused = await accounts.passwords.change(userId, '', password);
    if (refused !== null) return refused;
    // The name has to be known before the role is given, which keeps it for its holder.
    store.users.noteLogin(userId, { publicKey, displayName }, wallClockMs());
    if ((await accounts.codes.redeem(userId, token)) === 'bad') {
      await accounts.passwords.reset(userId);
      abuse.bans.note('badInvitation', source, null);
      return badToken;
    }
    return { userId, displayName };
  }

  #refusalOf(source: string): Refusal | null {
    const refused = this.#options.abuse.loginGuard.refusalOfAddress(source, noBytes, 0, null);
    return refused === null ? null : refusal(ErrorCode.TooFast, refused.message);
  }

  /** Who has this name, an account and something to run. */
  async #named(name: string): Promise<ProvenOperator | null> {
    const { store, access, accounts } = this.#options;
    const wanted = nameOf(name);
    if (typeof wanted !== 'string') return null;
    const userIds = await store.users.named(wanted, namesakesMax);
    const userId = userIds.find(
      (id) => isAtLeast(access.roleOf(id), roleMin) && accounts.passwords.hashOf(id) !== null,
    );
    const user = userId === undefined ? null : store.users.find(userId);
    return userId === undefined || user === null ? null : { userId, displayName: user.displayName };
  }

  async #anyHash(): Promise<string | null> {
    this.#dummyHash ??= await this.#options.pool.hash('the password of nobody');
    return this.#dummyHash;
  }
}

const noBytes = new Uint8Array(0);

/** Of whom nobody knows anything. */
const noUser = '00000000-0000-0000-0000-000000000000';

/** A key whose other half is thrown away: nobody logs in by it. */
function keyOfNobody(): Uint8Array {
  const { publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x!, 'base64url'));
}

function nameOf(text: string): string | Refusal {
  try {
    return normaliseName(text, displayNameLimits);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, `Choose another name: ${error.message}.`);
  }
}

const busy = refusal(
  ErrorCode.TooFast,
  'Too many passwords are checked at this moment. Try again in a few seconds.',
);

const wrong = refusal(
  ErrorCode.WrongAccountPassword,
  'There is no account of this name and password that may run the server. An account gets a ' +
    'password by "rookery account --set-password".',
);

const badToken = refusal(
  ErrorCode.BadCode,
  'The token of the owner is another one, or was used. "rookery owner-token" makes a new one.',
);
