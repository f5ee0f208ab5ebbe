import type { TalkInfo, Uuid } from '@rookery/schemas/messages';

/**
 * What a talk is called for one who takes part: its name, or who else does.
 *
 * @param ownUserId null while it is not known
 */
export function talkName({ name, participants }: TalkInfo, ownUserId: Uuid | null): string {
  if (name !== '') return name;
  const others = participants.filter(({ userId }) => userId !== ownUserId);
  return others.map(({ displayName }) => displayName).join(', ');
}
