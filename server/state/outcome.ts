import type { Change, Uuid } from '@rookery/schemas/messages';
import type { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';

/** Why an operation was not carried out; nothing changed. */
export interface Refusal {
  readonly refused: true;
  readonly code: ErrorCode;
  /** For a person: what is wrong and what to do next. */
  readonly message: string;
}

/** What an operation changed, in the order in which clients must learn it; may be empty. */
export interface Applied {
  readonly refused: false;
  readonly changes: readonly Change[];
  /** Sessions whose room changed, with the room they left and the one they are in now. */
  readonly moves: readonly Move[];
  /** Where a room is below another one now. */
  readonly movedRoom?: MovedRoom;
}

export interface MovedRoom {
  readonly roomId: Uuid;
  /** The room that was above it. */
  readonly from: Uuid;
}

export interface Move {
  readonly sessionToken: number;
  readonly from: Uuid | null;
  readonly to: Uuid | null;
}

export type Outcome = Applied | Refusal;

export function refusal(code: ErrorCode, message: string): Refusal {
  return { refused: true, code, message };
}

export function applied(changes: readonly Change[], moves: readonly Move[] = []): Applied {
  return { refused: false, changes, moves };
}
