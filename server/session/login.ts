import { randomBytes } from 'node:crypto';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { challengeBytes } from '@rookery/schemas/loginMessage';
import type { Auth, Hello } from '@rookery/schemas/messages';
import { CloseCode, protocolVersion } from '@rookery/schemas/protocol';
import type { LoginGuard } from '../abuse/loginGuard.js';
import type { BotDoor } from '../bots/botDoor.js';
import type { Admission, Admitted, AskedPasswords } from '../accounts/admission.js';
import { storageRefusal } from '../command/storageRefusal.js';
import type { Connection, ConnectionPhase, LoginRefusal, Session } from './connection.js';
import { checkIdentity, type CheckedIdentity } from './identityCheck.js';
import { replaced, violation, type Parting } from './parting.js';
import type { Moderation } from '../moderation/moderation.js';
import type { RefusalReason } from './protocolCounters.js';
import type { ResumeTickets } from './resumeTickets.js';
import type { SessionDirectory } from './sessionDirectory.js';

export interface LoginOptions {
  readonly serverName: string;
  readonly guard: LoginGuard;
  /** A connection has become a session. */
  readonly onLogin: (connection: Connection) => void;
  /** Who is let in. */
  readonly admission: Admission;
  readonly bots: Pick<BotDoor, 'admit'>;
  readonly tickets: ResumeTickets;
  readonly voicePort: number;
  readonly directory: SessionDirectory;
  readonly moderation: Pick<Moderation, 'loginRefusal'>;
  readonly part: (connection: Connection, parting: Parting) => void;
  /** Something of ours failed; the peer is told no more than that. */
  readonly onFault: (error: unknown) => void;
  /** Called when something was sent outside of a QUIC event. */
  readonly wake: () => void;
}

/** Somebody whose identity is proven. */
interface Entrant {
  readonly identity: CheckedIdentity;
  readonly auth: Auth;
  readonly requestId: number;
}

const refusalReasons: Readonly<Record<AuthFailure, RefusalReason>> = {
  [AuthFailure.WrongPassword]: 'wrongPassword',
  [AuthFailure.BadSignature]: 'badSignature',
  [AuthFailure.BadName]: 'badName',
  [AuthFailure.ServerFull]: 'serverFull',
  [AuthFailure.Busy]: 'busy',
  [AuthFailure.Banned]: 'banned',
  [AuthFailure.TooManyFailures]: 'tooManyFailures',
  [AuthFailure.WorkNeeded]: 'workNeeded',
  [AuthFailure.InvitationNeeded]: 'invitationNeeded',
  [AuthFailure.BadInvitation]: 'badInvitation',
  [AuthFailure.AwaitingApproval]: 'awaitingApproval',
  [AuthFailure.AccountPassword]: 'accountPassword',
  [AuthFailure.NameTaken]: 'nameTaken',
  [AuthFailure.BotsRefused]: 'botsRefused',
};

/** How a connection becomes a session: Hello → challenge → Auth → session. */
export class Login {
  readonly #options: LoginOptions;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /**
   * Answers with a fresh challenge. Safe in 0-RTT: a replayed Hello gets a challenge of its own,
   * which nobody can answer without the key.
   */
  hello(connection: Connection, hello: Hello, requestId: number): void {
    if (hello.protocolVersion !== protocolVersion) {
      const text =
        `This server speaks version ${protocolVersion} of the protocol, not ` +
        `${hello.protocolVersion}. Use a client of the same release.`;
      const code = ErrorCode.UnsupportedVersion;
      const parting = violation('unsupportedVersion', code, text, requestId);
      this.#options.part(connection, { ...parting, code: CloseCode.LoginFailed });
      return;
    }
    const { admission } = this.#options;
    const challenge = new Uint8Array(randomBytes(challengeBytes));
    const workBits = this.#options.guard.workBits();
    connection.phase = { name: 'awaitAuth', challenge, workBits };
    connection.sendControl(
      {
        type: FrameType.HelloAck,
        protocolVersion,
        // There are no optional features yet, so the smaller set of both sides is empty.
        features: [],
        serverName: this.#options.serverName,
        challenge,
        workBits,
        passwordRequired: admission.isPasswordAsked,
        registration: admission.registration,
      },
      requestId,
    );
  }

  /** Checks what is cheap first, so that a password is worth its work only with a true identity. */
  auth(
    connection: Connection,
    { challenge, workBits }: ConnectionPhase & { name: 'awaitAuth' },
    auth: Auth,
    requestId: number,
  ): void {
    const { admission, guard } = this.#options;
    connection.phase = { name: 'verifying' };
    const { source } = connection;
    const checked =
      guard.refusalOfAddress(source, challenge, workBits, auth.work) ??
      checkIdentity(auth, challenge, connection.shownFingerprint);
    if ('reason' in checked) {
      this.#refuse(connection, checked, requestId);
      return;
    }
    connection.provenUserId = checked.userId;
    const refusedUser = guard.refusalOfUser(checked.userId);
    if (refusedUser !== null) {
      this.#refuse(connection, refusedUser, requestId);
      return;
    }
    const { userId } = checked;
    const entrant = { identity: checked, auth, requestId };
    if (this.#isShutOut(connection, entrant)) return;
    if (auth.botPass !== null) {
      const admitted = this.#options.bots.admit(auth.botPass, connection.host);
      if (admitted !== 'asEverybody') {
        this.#follow(connection, entrant, admitted);
        return;
      }
    }
    try {
      const decision = admission.decide(checked, auth, (check) =>
        // Whoever left while it waited costs no work.
        guard.inTurn(source, userId, async () => connection.isBeingChecked && (await check())),
      );
      if (decision instanceof Promise) void this.#awaitDecision(connection, entrant, decision);
      else this.#follow(connection, entrant, decision);
    } catch (error) {
      // A record of this user may be damaged: that is no reason to end the server.
      this.#fail(connection, entrant, error);
    }
  }

  async #awaitDecision(
    connection: Connection,
    entrant: Entrant,
    decision: Promise<Admitted | LoginRefusal>,
  ): Promise<void> {
    try {
      const decided = await decision;
      // Meanwhile the peer may have left, or its time may be up.
      if (connection.phase.name !== 'verifying') return;
      this.#follow(connection, entrant, decided);
    } catch (error) {
      this.#fail(connection, entrant, error);
    }
    this.#options.wake();
  }

  #fail(connection: Connection, { requestId }: Entrant, error: unknown): void {
    const refused = storageRefusal(error);
    if (refused === null) this.#options.onFault(error);
    const text = refused?.message ?? 'The login failed inside the server. Try again.';
    const errorCode = refused?.code ?? ErrorCode.Internal;
    const message = { type: FrameType.Error, code: errorCode, message: text };
    const code = CloseCode.Internal;
    const parting = { code, text, message, requestId, mayReturn: false, refusal: null };
    this.#options.part(connection, parting);
  }

  /** Refuses who is banned; asked also after a wait, in which much may have happened. */
  #isShutOut(connection: Connection, { identity, requestId }: Entrant): boolean {
    const { moderation } = this.#options;
    const refusal = moderation.loginRefusal(identity.userId, connection.host);
    if (refusal !== null) this.#refuse(connection, refusal, requestId);
    return refusal !== null;
  }

  #follow(connection: Connection, entrant: Entrant, decision: Admitted | LoginRefusal): void {
    const { identity, requestId } = entrant;
    // Somebody else may have taken the name while this one waited.
    const refused = 'reason' in decision ? decision : this.#options.admission.nameRefusal(identity);
    if (refused !== null) this.#refuse(connection, refused, requestId);
    else if (!('reason' in decision) && !this.#isShutOut(connection, entrant)) {
      this.#open(connection, entrant, decision.proven);
    }
  }

  #open(
    connection: Connection,
    { identity, auth, requestId }: Entrant,
    proven: AskedPasswords | null,
  ): void {
    const { directory, part, voicePort, onLogin } = this.#options;
    if (!connection.openView()) {
      const text = 'The client lets the server open no stream.';
      part(connection, violation('unexpectedStream', ErrorCode.OutOfPlace, text, requestId));
      return;
    }
    const earlier = directory.connectionOf(identity.userId);
    const opened = directory.open(connection, identity, auth.continuedToken);
    if (earlier !== null) part(earlier, replaced);
    if ('reason' in opened) {
      this.#refuse(connection, opened, requestId);
      return;
    }
    onLogin(connection);
    const { session, hopKey, continued } = opened;
    connection.sendControl(
      {
        type: FrameType.AuthOk,
        userId: session.userId,
        sessionToken: session.token,
        hopKey,
        voicePort,
        continued,
      },
      requestId,
    );
    if (proven !== null) void this.#giveTicket(connection, session, auth.ticket, proven);
  }

  async #giveTicket(
    connection: Connection,
    { userId }: Session,
    used: Uint8Array | null,
    proven: AskedPasswords,
  ): Promise<void> {
    const { tickets, onFault, wake } = this.#options;
    try {
      const ticket = await tickets.renew(userId, used, proven);
      if (connection.phase.name !== 'open') return;
      connection.sendControl(ticket);
      wake();
    } catch (error) {
      // Without one the password is asked for, as it was the first time.
      if (storageRefusal(error) === null) onFault(error);
    }
  }

  #refuse(connection: Connection, refused: LoginRefusal, requestId: number): void {
    const { reason, message, untilMs = null, note = '' } = refused;
    this.#options.part(connection, {
      code: CloseCode.LoginFailed,
      text: message,
      message: { type: FrameType.AuthFailed, reason, message, untilMs, note },
      requestId,
      mayReturn: false,
      refusal: refusalReasons[reason],
    });
  }
}
