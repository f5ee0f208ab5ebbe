import { FrameType } from '../frameType.js';
import { Registration } from '../generated/rookery/registration.js';
import type { AccountAnswer, AccountCommand, InviteInfo } from '../messages.js';
import { rootRoomId } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';

const someId = '01234567-89ab-8def-8123-456789abcdef';
const otherId = 'ffffffff-0000-ffff-0000-ffffffffffff';

const invite: InviteInfo = {
  inviteId: someId,
  role: 'member',
  usesMax: 10,
  uses: 3,
  createdMs: 1_800_000_000_000,
  expiresMs: 1_800_600_000_000,
  createdBy: otherId,
  note: 'Schach \u265f',
};
const boundless: InviteInfo = {
  inviteId: rootRoomId,
  role: 'admin',
  usesMax: 0,
  uses: 0xffff_ffff,
  createdMs: 0,
  expiresMs: 0,
  createdBy: rootRoomId,
  note: '',
};

type AccountType = (AccountCommand | AccountAnswer)['type'];

/** Valid messages of accounts, as sampleMessages. */
export const accountSamples: Pick<MessageSamples, AccountType> = {
  [FrameType.MakeInvite]: [
    {
      type: FrameType.MakeInvite,
      role: 'moderator',
      usesMax: 5,
      validSeconds: 604_800,
      note: 'Chess',
    },
    { type: FrameType.MakeInvite, role: 'member', usesMax: 0, validSeconds: 0, note: '' },
  ],
  [FrameType.InviteMade]: [{ type: FrameType.InviteMade, inviteId: someId, code: 'abcd-efgh' }],
  [FrameType.ReadInvites]: [{ type: FrameType.ReadInvites }],
  [FrameType.InviteList]: [
    { type: FrameType.InviteList, invites: [invite, boundless] },
    { type: FrameType.InviteList, invites: [] },
  ],
  [FrameType.WithdrawInvite]: [{ type: FrameType.WithdrawInvite, inviteId: someId }],
  [FrameType.RedeemCode]: [{ type: FrameType.RedeemCode, code: 'abcd-efgh' }],
  [FrameType.RegisterUser]: [{ type: FrameType.RegisterUser, userId: otherId }],
  [FrameType.DenyRequest]: [{ type: FrameType.DenyRequest, userId: otherId }],
  [FrameType.ReadRequests]: [{ type: FrameType.ReadRequests }],
  [FrameType.RequestList]: [
    {
      type: FrameType.RequestList,
      requests: [
        { userId: otherId, displayName: 'Ada \u{1f426}', askedMs: 1_800_000_000_000 },
        { userId: rootRoomId, displayName: '', askedMs: 0 },
      ],
    },
    { type: FrameType.RequestList, requests: [] },
  ],
  [FrameType.SetAccountPassword]: [
    {
      type: FrameType.SetAccountPassword,
      userId: null,
      currentPassword: 'correct',
      newPassword: 'horse',
    },
    {
      type: FrameType.SetAccountPassword,
      userId: otherId,
      currentPassword: '',
      newPassword: '',
    },
  ],
  [FrameType.ReadAccount]: [{ type: FrameType.ReadAccount }],
  [FrameType.AccountInfo]: [
    {
      type: FrameType.AccountInfo,
      role: 'owner',
      isRegistered: true,
      hasPassword: true,
      registration: Registration.Approval,
    },
    {
      type: FrameType.AccountInfo,
      role: 'guest',
      isRegistered: false,
      hasPassword: false,
      registration: Registration.Open,
    },
  ],
  [FrameType.SetRegistration]: [
    { type: FrameType.SetRegistration, registration: Registration.Invitation },
    { type: FrameType.SetRegistration, registration: Registration.Open },
  ],
  [FrameType.SetName]: [{ type: FrameType.SetName, name: 'Zo\u00eb' }],
};
