import type { Explanation, RoomRulesInfo, Uuid } from '@rookery/schemas/messages';
import type { Permission } from '@rookery/schemas/permissions';
import type { AccessDraft } from '../model/accessDraft.js';
import type { AccessKnowledge } from '../model/draftDecision.js';

/** What could be read of a room, of those above it and of the server. */
export interface ReadAccess extends AccessKnowledge {
  /** Whether nothing is missing that a decision may rest on. */
  readonly isComplete: boolean;
}

/** Where the rules of a room are read and saved: all reject with what people are told. */
export interface AccessSource {
  /** All that decisions about the room rest on. */
  read(): Promise<ReadAccess>;
  /** The rules of the room itself, as they are now. */
  readRules(): Promise<RoomRulesInfo>;
  /** @param own as they were read: rejects where they are others by now */
  save(own: RoomRulesInfo, draft: AccessDraft): Promise<void>;
  roomName(roomId: Uuid): string;
  /** Asks the server what somebody may; null: a draft is tried out for roles alone. */
  readonly explain: ((userId: Uuid, permission: Permission) => Promise<Explanation>) | null;
}
