import type { UploadPage } from '@rookery/schemas/adminApi';
import { frameHeaderBytes } from '@rookery/schemas/frame';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type { CommandMessage, RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { permissions, type Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import type { Role } from '@rookery/schemas/roles';
import type { CommandContext, CommandResult } from '../command/commandContext.js';
import { runCommand } from '../command/commandTable.js';
import type { AuditAction } from '../moderation/auditAction.js';
import type { Session } from '../session/connection.js';
import { refusal, type Refusal } from '../state/outcome.js';

/** Somebody who runs the server from outside: a user without a session in the rooms. */
export type Operator = Session;

/** What an operator sees of the rooms. */
export interface OperatorView {
  readonly rooms: readonly RoomInfo[];
  readonly sessions: readonly SessionInfo[];
}

/**
 * Carries out commands of users who are not in the rooms: by the same functions, permissions and
 * audit as those of clients. Main thread.
 */
export class OperatorDesk {
  readonly #commands: Omit<CommandContext, 'session'>;
  /** Those of sessions are positive. */
  #lastToken = 0;

  constructor(commands: Omit<CommandContext, 'session'>) {
    this.#commands = commands;
  }

  /** @param userId of somebody who has an account; to be closed */
  open(userId: Uuid, displayName: string): Operator {
    this.#lastToken -= 1;
    const operator = { token: this.#lastToken, userId, displayName };
    this.#commands.access.openOutside(operator.token, userId);
    return operator;
  }

  close({ token }: Operator): void {
    this.#commands.access.closeOutside(token);
  }

  /**
   * @param command is held against the same limits as one that came over the wire
   * @throws ServerError of the store; nothing was changed then
   */
  async run(operator: Operator, command: CommandMessage): Promise<CommandResult> {
    const checked = asFromTheWire(command);
    if ('refused' in checked) return checked;
    return runCommand({ ...this.#commands, session: operator }, checked);
  }

  roleOf({ userId }: Operator): Role {
    return this.#commands.access.roleOf(userId);
  }

  can({ token }: Operator, permission: Permission, roomId: Uuid = rootRoomId): boolean {
    return this.#commands.access.can(token, permission, roomId);
  }

  /** What the operator may do on the server as a whole. */
  permissionsOf(operator: Operator): Permission[] {
    return permissions.filter((permission) => this.can(operator, permission));
  }

  /**
   * A page of files in rooms that the operator may see, by id.
   *
   * @param afterId null for the first page
   */
  uploads({ token }: Operator, afterId: Uuid | null, countMax: number): UploadPage {
    const { store, state, access } = this.#commands;
    const page = store.uploads.page(afterId, countMax);
    const uploads = page
      .filter(({ placeId }) => state.room(placeId) && access.can(token, 'traverse', placeId))
      .map(({ uploadId, userId, placeId, name, sizeBytes, startedAtMs, finished }) => ({
        ...{ uploadId, userId, roomId: placeId, name, sizeBytes, startedAtMs },
        userName: store.users.find(userId)?.displayName ?? '',
        mediaType: finished?.mediaType ?? null,
        messageId: finished?.messageId ?? null,
      }));
    return { uploads, nextId: page.length < countMax ? null : page.at(-1)!.uploadId };
  }

  /** Where a file was sent; null where that is no room. */
  roomOfUpload(uploadId: Uuid): Uuid | null {
    const { store, state } = this.#commands;
    const placeId = store.uploads.find(uploadId)?.placeId;
    return placeId !== undefined && state.room(placeId) !== null ? placeId : null;
  }

  /** Writes down what was done, or refused, that no command stands for. @param detail no secrets */
  note(
    { userId: actorId }: Operator,
    action: AuditAction,
    detail: string,
    outcome: 'done' | 'refused' = 'done',
  ): void {
    const { audit } = this.#commands;
    if (outcome === 'done') audit.note({ action, actorId, detail });
    else audit.noteRefused({ action, actorId, detail });
  }

  /** Those of these sessions who are where the operator may see them. */
  visible({ token }: Operator, sessionTokens: readonly number[]): number[] {
    const { state, access } = this.#commands;
    return sessionTokens.filter((sessionToken) => {
      const roomId = state.session(sessionToken)?.roomId;
      return roomId === null || (roomId && access.can(token, 'traverse', roomId));
    });
  }

  /** Rooms that the operator may see, and who is in them; also those who are in no room. */
  look({ token }: Operator): OperatorView {
    const { state, access } = this.#commands;
    const snapshot = state.snapshot();
    const sees = (roomId: Uuid): boolean => access.can(token, 'traverse', roomId);
    return {
      rooms: snapshot.rooms.filter(({ roomId }) => sees(roomId)),
      sessions: snapshot.sessions.filter(({ roomId }) => roomId === null || sees(roomId)),
    };
  }
}

/** What is refused here, a client's own codec would have refused to send. */
function asFromTheWire(command: CommandMessage): CommandMessage | Refusal {
  try {
    const payload = encodeMessage(command).subarray(frameHeaderBytes);
    return decodeMessage(command.type, payload).message as CommandMessage;
  } catch (error) {
    const cause = error instanceof RangeError ? error.cause : error;
    if (!(cause instanceof ProtocolError)) throw error;
    return refusal(ErrorCode.InvalidField, `${cause.message}.`);
  }
}
