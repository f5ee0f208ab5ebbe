import { FrameType } from '../frameType.js';
import { AuthFailure } from '../generated/rookery/auth-failure.js';
import { Registration } from '../generated/rookery/registration.js';
import type { MessageSamples } from './sampleMessages.js';

/** What is said to who is not inside. */
export const doorSamples: Pick<
  MessageSamples,
  typeof FrameType.AuthFailed | typeof FrameType.ReadServerCard | typeof FrameType.ServerCard
> = {
  [FrameType.AuthFailed]: [
    {
      type: FrameType.AuthFailed,
      reason: AuthFailure.Banned,
      message: 'Try again in a minute.',
      untilMs: Number.MAX_SAFE_INTEGER,
      note: 'Cool down \u{1f426}',
    },
    {
      type: FrameType.AuthFailed,
      reason: AuthFailure.WrongPassword,
      message: '',
      untilMs: null,
      note: '',
    },
  ],
  [FrameType.ReadServerCard]: [{ type: FrameType.ReadServerCard }],
  [FrameType.ServerCard]: [
    {
      type: FrameType.ServerCard,
      protocolVersion: 1,
      version: '0.1.0',
      serverName: 'Schach \u265f',
      members: 12,
      membersMax: 10_000,
      passwordRequired: true,
      registration: Registration.Invitation,
    },
    {
      type: FrameType.ServerCard,
      protocolVersion: 0xffff,
      version: '',
      serverName: '',
      members: 0xffff_ffff,
      membersMax: 0,
      passwordRequired: false,
      registration: Registration.Open,
    },
  ],
};
