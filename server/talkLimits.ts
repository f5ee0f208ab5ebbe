import assert from 'node:assert/strict';
import { fieldLimits } from '@rookery/schemas/protocol';

/** Bounds of talks outside the tree of rooms. */
export interface TalkLimits {
  /** Direct talks of one user: everybody whom somebody gets to know in years. */
  readonly directMax: number;
  /** Group talks of one user; all names of all who take part are sent at login. */
  readonly groupsMax: number;
  /** Users of one group talk. A room of the tree is for more. */
  readonly usersMax: number;
  /** Users of one name that are looked at to find those who were here last. */
  readonly namesakesMax: number;
}

/** Part of `controlLimits`, where its relations to the others are asserted. */
export const talkLimits: TalkLimits = {
  directMax: 1_024,
  groupsMax: 64,
  usersMax: 32,
  namesakesMax: 256,
};

/** FlatBuffers bytes of a talk or of a user in one, beside the names: ids, tables, padding. */
const infoBytesMax = 112;

/** Payload bytes of the largest TalkList that these limits allow. */
export function talkListBytesMax({ directMax, groupsMax, usersMax }: TalkLimits): number {
  const userBytes = infoBytesMax + fieldLimits.displayNameBytesMax;
  const groupBytes = infoBytesMax + fieldLimits.roomNameBytesMax + usersMax * userBytes;
  return directMax * (infoBytesMax + 2 * userBytes) + groupsMax * groupBytes;
}

/** @throws AssertionError for limits that contradict each other */
export function assertTalkLimits({
  directMax,
  groupsMax,
  usersMax,
  namesakesMax,
}: TalkLimits): void {
  assert(directMax + groupsMax <= fieldLimits.talksMax, 'a TalkList lists all talks of a user');
  assert(usersMax <= fieldLimits.talkUsersMax, 'a talk names all who take part');
  assert(namesakesMax >= fieldLimits.foundUsersMax, 'enough are looked at to be found');
}
