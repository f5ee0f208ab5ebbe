import type { FrameType } from './frameType.js';
import type { Registration } from './generated/rookery/registration.js';
import type { Role } from './roles.js';
import type { Uuid } from './uuid.js';

/**
 * Messages of accounts and invitations, part of messages.ts; what each field means stands in
 * control/accounts.fbs.
 */

interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

/** What an invitation makes of whoever uses it. */
export type InvitedRole = Exclude<Role, 'guest' | 'owner'>;

export interface MakeInvite extends Of<T['MakeInvite']> {
  readonly role: InvitedRole;
  /** 0 for no limit. */
  readonly usesMax: number;
  /** 0 for ever. */
  readonly validSeconds: number;
  readonly note: string;
}
export interface InviteMade extends Of<T['InviteMade']> {
  readonly inviteId: Uuid;
  readonly code: string;
}
export type ReadInvites = Of<T['ReadInvites']>;
export interface InviteInfo {
  readonly inviteId: Uuid;
  readonly role: InvitedRole;
  /** 0 for no limit. */
  readonly usesMax: number;
  readonly uses: number;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  /** 0 for never. */
  readonly expiresMs: number;
  readonly createdBy: Uuid;
  readonly note: string;
}
export interface InviteList extends Of<T['InviteList']> {
  readonly invites: readonly InviteInfo[];
}
export interface WithdrawInvite extends Of<T['WithdrawInvite']> {
  readonly inviteId: Uuid;
}
export interface RedeemCode extends Of<T['RedeemCode']> {
  readonly code: string;
}

export interface RegisterUser extends Of<T['RegisterUser']> {
  readonly userId: Uuid;
}
export interface DenyRequest extends Of<T['DenyRequest']> {
  readonly userId: Uuid;
}
export type ReadRequests = Of<T['ReadRequests']>;
export interface JoinRequest {
  readonly userId: Uuid;
  readonly displayName: string;
  /** Milliseconds since 1970. */
  readonly askedMs: number;
}
export interface RequestList extends Of<T['RequestList']> {
  readonly requests: readonly JoinRequest[];
}

export interface SetAccountPassword extends Of<T['SetAccountPassword']> {
  /** null for the own one; of others it can only be removed. */
  readonly userId: Uuid | null;
  readonly currentPassword: string;
  /** Empty removes it. */
  readonly newPassword: string;
}
export type ReadAccount = Of<T['ReadAccount']>;
export interface AccountInfo extends Of<T['AccountInfo']> {
  readonly role: Role;
  readonly isRegistered: boolean;
  readonly hasPassword: boolean;
  readonly registration: Registration;
}
export interface SetRegistration extends Of<T['SetRegistration']> {
  readonly registration: Registration;
}
export interface SetName extends Of<T['SetName']> {
  readonly name: string;
}

export type AccountCommand =
  | MakeInvite
  | ReadInvites
  | WithdrawInvite
  | RedeemCode
  | RegisterUser
  | DenyRequest
  | ReadRequests
  | SetAccountPassword
  | ReadAccount
  | SetRegistration
  | SetName;
export type AccountAnswer = InviteMade | InviteList | RequestList | AccountInfo;
