import { FrameType } from '@rookery/schemas/frameType';
import type { PrivateCommand } from '@rookery/schemas/messages';
import type { CommandTable } from './commandContext.js';

/** Keys that members of private rooms make themselves. */
export const privateCommands: CommandTable<PrivateCommand> = {
  [FrameType.AnnounceKey]: ({ session, memberKeys }, command) => {
    const keys = memberKeys.announce(session.token, command);
    if ('refused' in keys) return keys;
    return { refused: false, answer: { type: FrameType.MemberKeyList, keys } };
  },
  [FrameType.ShareKey]: ({ session, memberKeys }, command) =>
    memberKeys.share(session.token, command) ?? { refused: false, createdId: null, listId: 0 },
};
