import assert from 'node:assert/strict';
import { fieldLimits } from '@rookery/schemas/protocol';
import type { BucketLimits } from './limits.js';

/** Bounds of what is kept about accounts and invitations. */
export interface AccountsLimits {
  /** Invitations that can be used, of everybody together. */
  readonly invitesMax: number;
  /** People who wait to be let in, and those who were told no. */
  readonly joinRequestsMax: number;
  /** Whoever was told no is asked about again after this time. */
  readonly deniedMs: number;
  /** Changes of a name, for each user. */
  readonly nameChanges: BucketLimits;
  /** Of an account's password, which cost an Argon2id or two each. */
  readonly passwordChanges: BucketLimits;
}

/** Part of `controlLimits`. */
export const accountsLimits: AccountsLimits = {
  invitesMax: 1_000,
  joinRequestsMax: 1_000,
  deniedMs: 30 * 86_400_000,
  // A typing mistake is corrected at once; more than that makes others lose track.
  nameChanges: { perSecond: 1 / 60, burst: 5, refusedMax: Infinity },
  passwordChanges: { perSecond: 1 / 30, burst: 5, refusedMax: Infinity },
};

/** @throws AssertionError for limits that contradict each other: a bug, not an operating fault. */
export function assertAccountsLimits(limits: AccountsLimits): void {
  assert(limits.invitesMax <= fieldLimits.invitesMax, 'InviteList lists all invitations');
  assert(limits.joinRequestsMax <= fieldLimits.joinRequestsMax, 'RequestList lists all who wait');
}
