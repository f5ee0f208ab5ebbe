import { FrameType } from '@rookery/schemas/frameType';
import { CallEntry } from '@rookery/schemas/generated/rookery/call-entry';
import type {
  CreateTalk,
  FoundUser,
  OpenTalk,
  RoomStreamMessage,
  TalkInfo,
  TalkMessage,
  Uuid,
} from '@rookery/schemas/messages';
import { ownCall, withCall, withoutCall } from './calls.js';
import { ClientError } from './clientError.js';
import type { SessionKeeper } from './sessionKeeper.js';

/**
 * Talks outside the tree: of two, or of a group. `talks` of the State are those of the own user;
 * text in them is written with the id of the talk in place of a room's. Everything rejects with
 * ClientError: `commandRefused` with the server's words, `noSuchRoom` for a talk that one does not
 * take part in, and as all commands.
 */
export class Talks {
  constructor(private readonly keeper: SessionKeeper) {
    keeper.listeners.add((message) => {
      const { talks, calls } = keeper.state;
      if (isTalkMessage(message)) keeper.update({ talks: withTalkMessage(talks, message) });
      if (message.type === FrameType.CallPut)
        keeper.update({ calls: withCall(calls, message.call) });
      if (message.type === FrameType.TalkRemoved) {
        keeper.update({ calls: withoutCall(calls, message.talkId) });
      }
    });
  }

  /** Users of this whole name, whatever its case: at most 20, those who are there first. */
  async findUsers(name: string): Promise<readonly FoundUser[]> {
    const command = { type: FrameType.FindUsers, name } as const;
    return (await this.keeper.query(command, FrameType.UsersFound)).users;
  }

  /** Opens the talk with a user, who need not be there. @returns its id. */
  open(userId: Uuid): Promise<Uuid> {
    return this.make({ type: FrameType.OpenTalk, userId });
  }

  /** Makes a talk with these users. @returns its id. */
  create(name: string, userIds: readonly Uuid[]): Promise<Uuid> {
    return this.make({ type: FrameType.CreateTalk, name, userIds });
  }

  async rename(talkId: Uuid, name: string): Promise<void> {
    await this.keeper.request({ type: FrameType.EditTalk, talkId, name, addedUserIds: [] });
  }

  async add(talkId: Uuid, userIds: readonly Uuid[]): Promise<void> {
    const edit = { name: null, addedUserIds: userIds };
    await this.keeper.request({ type: FrameType.EditTalk, talkId, ...edit });
    await this.keeper.until(({ talks }) => {
      const participants = talks.find((talk) => talk.talkId === talkId)?.participants ?? [];
      return userIds.every((id) => participants.some(({ userId }) => userId === id));
    });
  }

  /** Takes part no longer; only group talks can be left. */
  async leave(talkId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.LeaveTalk, talkId });
    await this.keeper.until(({ talks }) => talks.every((talk) => talk.talkId !== talkId));
  }

  /**
   * Goes into the call of a talk, and out of the room or call in which one is. Where there is no
   * call it begins one, which rings at the others who are there; who is in it lets it ring again.
   * Voice goes as in a room; `calls` of the State tell who is in it, and who declined.
   */
  call(talkId: Uuid): Promise<void> {
    return this.enter(talkId, CallEntry.Ring);
  }

  /** As call(), where there is one. @throws ClientError `commandRefused` where it is over. */
  answer(talkId: Uuid): Promise<void> {
    return this.enter(talkId, CallEntry.Answer);
  }

  /** Lets a call ring no longer here, and tells the others. */
  async decline(talkId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.DeclineCall, talkId });
  }

  /** Goes out of the call in which one is, into no room. */
  async hangUp(): Promise<void> {
    await this.keeper.request({ type: FrameType.LeaveCall });
    await this.keeper.until((state) => ownCall(state) === null);
  }

  private async enter(talkId: Uuid, entry: CallEntry): Promise<void> {
    await this.keeper.request({ type: FrameType.EnterCall, talkId, entry });
    await this.keeper.until((state) => ownCall(state)?.talkId === talkId);
  }

  private async make(command: OpenTalk | CreateTalk): Promise<Uuid> {
    const { createdId: talkId } = await this.keeper.request(command);
    if (talkId === null) {
      const text = 'the server made a talk without telling its id';
      throw new ClientError('protocolViolation', text);
    }
    await this.keeper.until(({ talks }) => talks.some((talk) => talk.talkId === talkId));
    return talkId;
  }
}

/** The talks as they are after a message; those that changed stand where they stood. */
export function withTalkMessage(
  talks: readonly TalkInfo[],
  message: TalkMessage,
): readonly TalkInfo[] {
  switch (message.type) {
    case FrameType.TalkList:
      return message.talks;
    case FrameType.TalkPut: {
      const { talk } = message;
      const isKnown = talks.some(({ talkId }) => talkId === talk.talkId);
      if (!isKnown) return [...talks, talk];
      return talks.map((known) => (known.talkId === talk.talkId ? talk : known));
    }
    case FrameType.TalkRemoved:
      return talks.filter(({ talkId }) => talkId !== message.talkId);
  }
}

function isTalkMessage(message: RoomStreamMessage): message is TalkMessage {
  const types: readonly FrameType[] = [
    FrameType.TalkList,
    FrameType.TalkPut,
    FrameType.TalkRemoved,
  ];
  return types.includes(message.type);
}
