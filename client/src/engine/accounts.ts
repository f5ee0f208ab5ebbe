import { FrameType } from '@rookery/schemas/frameType';
import type { Registration } from '@rookery/schemas/generated/rookery/registration';
import type {
  AccountInfo,
  InviteInfo,
  InviteMade,
  JoinRequest,
  MakeInvite,
  Uuid,
} from '@rookery/schemas/messages';
import { displayNameLimits, normaliseName } from '@rookery/schemas/names';
import { ClientError } from './clientError.js';
import { ownSession } from './engineState.js';
import { writeInviteLink } from './inviteLink.js';
import type { SessionKeeper } from './sessionKeeper.js';

/**
 * The own account, invitations, and who is let in. Everything rejects with ClientError:
 * `commandRefused` with the words of the server, `nameTaken`, `wrongAccountPassword`, and as all
 * commands.
 */
export class Accounts {
  constructor(private readonly keeper: SessionKeeper) {}

  /** What one is on this server. */
  read(): Promise<AccountInfo> {
    return this.keeper.query({ type: FrameType.ReadAccount }, FrameType.AccountInfo);
  }

  /** Takes another name, also for coming back. @throws also ProtocolError for one that cannot be */
  async setName(text: string): Promise<void> {
    const name = normaliseName(text, displayNameLimits);
    await this.keeper.request({ type: FrameType.SetName, name });
    this.keeper.changes = { ...this.keeper.changes, displayName: name };
    await this.keeper.until((state) => ownSession(state)?.displayName === name);
  }

  /**
   * Sets, changes or removes the password that is asked for beside the key.
   *
   * @param current '' where there is none
   * @param next '' removes it
   */
  async setPassword(current: string, next: string): Promise<void> {
    const command = { type: FrameType.SetAccountPassword, userId: null } as const;
    await this.keeper.request({ ...command, currentPassword: current, newPassword: next });
    this.keeper.changes = { ...this.keeper.changes, accountPassword: next };
  }

  /** Removes the password of somebody who has forgotten it. */
  async resetPassword(userId: Uuid): Promise<void> {
    const command = { type: FrameType.SetAccountPassword, userId } as const;
    await this.keeper.request({ ...command, currentPassword: '', newPassword: '' });
  }

  /** @returns with the code, which the server does not keep */
  invite(terms: Omit<MakeInvite, 'type'>): Promise<InviteMade> {
    return this.keeper.query({ type: FrameType.MakeInvite, ...terms }, FrameType.InviteMade);
  }

  /** Makes an invitation. @returns with the link that leads to this server with it */
  async inviteByLink(terms: Omit<MakeInvite, 'type'>): Promise<InviteMade & { link: string }> {
    const made = await this.invite(terms);
    const { connection } = this.keeper.state;
    if (connection.phase !== 'connected') throw notConnected();
    const { address, fingerprint } = connection;
    return { ...made, link: writeInviteLink({ address, code: made.code, fingerprint }) };
  }

  /** Those that can be used, the newest first. */
  async invites(): Promise<readonly InviteInfo[]> {
    const { ReadInvites: type, InviteList } = FrameType;
    return (await this.keeper.query({ type }, InviteList)).invites;
  }

  async withdrawInvite(inviteId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.WithdrawInvite, inviteId });
  }

  /** Uses an invitation or the owner's token. */
  async redeem(code: string): Promise<void> {
    await this.keeper.request({ type: FrameType.RedeemCode, code });
  }

  /** Those who wait to be let in, the longest first. */
  async requests(): Promise<readonly JoinRequest[]> {
    const { ReadRequests: type, RequestList } = FrameType;
    return (await this.keeper.query({ type }, RequestList)).requests;
  }

  /** Makes a guest a member, also one who waits to be let in. */
  async register(userId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.RegisterUser, userId });
  }

  /** Tells somebody who waits no. */
  async deny(userId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.DenyRequest, userId });
  }

  /** How those come in who are not registered. */
  async setRegistration(registration: Registration): Promise<void> {
    await this.keeper.request({ type: FrameType.SetRegistration, registration });
  }
}

function notConnected(): ClientError {
  const text = 'the connection was lost while the invitation was made; make it again';
  return new ClientError('disconnected', text);
}
