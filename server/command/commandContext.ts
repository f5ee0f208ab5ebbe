import type { CommandMessage, Message, Uuid } from '@rookery/schemas/messages';
import type { TemporaryBans } from '../abuse/temporaryBans.js';
import type { AccessDesk } from '../access/accessDesk.js';
import type { AccountDesk } from '../accounts/accountDesk.js';
import type { Publisher } from '../broadcast/publisher.js';
import type { AuditLog } from '../moderation/auditLog.js';
import type { Moderation, SessionsToModerate } from '../moderation/moderation.js';
import type { MemberKeyBook } from '../privateRooms/memberKeyBook.js';
import type { PasswordPool } from '../session/passwordPool.js';
import type { Session } from '../session/connection.js';
import type { CommunityState } from '../state/communityState.js';
import type { Outcome, Refusal } from '../state/outcome.js';
import type { Store } from '../store/store.js';
import type { AttachmentCheck } from '../text/attachmentCheck.js';
import type { CallBook } from '../talks/callBook.js';
import type { TalkBook } from '../talks/talkBook.js';
import type { TextPlaces } from '../text/textPlaces.js';
import type { FileDesk } from '../uploads/fileDesk.js';
import type { RoomChanges } from './roomChanges.js';

/** What a command may use. */
export interface CommandContext {
  readonly session: Session;
  readonly state: CommunityState;
  readonly publisher: Publisher;
  /** Who may do what. */
  readonly access: AccessDesk;
  readonly store: Store;
  readonly roomChanges: RoomChanges;
  /** Where people write. */
  readonly places: TextPlaces;
  readonly files: FileDesk;
  /** Argon2id off the main thread. */
  readonly passwords: PasswordPool;
  /** Which uploads may belong to a message. */
  readonly attachments: AttachmentCheck;
  readonly talks: TalkBook;
  readonly audit: AuditLog;
  readonly moderation: Moderation;
  /** Those that the server made by itself. */
  readonly temporaryBans: Pick<TemporaryBans, 'before' | 'lift'>;
  /** Who is connected, and from where. */
  readonly sessions: Pick<SessionsToModerate, 'connectionOf' | 'connected'>;
  readonly accounts: AccountDesk;
  readonly calls: CallBook;
  readonly memberKeys: MemberKeyBook;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** A command was carried out. */
export interface Done {
  readonly refused: false;
  /** Of the room, talk or message that it made. */
  readonly createdId: Uuid | null;
  /** Of the whisper list that it made; 0 where it made none. */
  readonly listId: number;
}

/** A command was answered by a message of its own, in place of CommandDone. */
export interface Answered {
  readonly refused: false;
  readonly answer: Message;
}

export type CommandResult = Done | Answered | Refusal;

/** One function for each of these commands. */
export type CommandTable<Commands extends CommandMessage> = {
  readonly [Command in Commands as Command['type']]: (
    context: CommandContext,
    command: Command,
  ) => CommandResult | Promise<CommandResult>;
};

/**
 * Publishes what an operation changed, remembers who is where now, and turns the outcome into the
 * command's result.
 */
export function finish(
  context: Pick<CommandContext, 'state' | 'store' | 'publisher'>,
  outcome: Outcome,
  createdId: Uuid | null = null,
): CommandResult {
  if (outcome.refused) return outcome;
  const { state, store, publisher } = context;
  for (const { sessionToken, to } of outcome.moves) {
    const moved = state.session(sessionToken);
    if (moved !== null) store.lastRooms.note(moved.userId, to);
  }
  publisher.publish(outcome);
  return { refused: false, createdId, listId: 0 };
}
