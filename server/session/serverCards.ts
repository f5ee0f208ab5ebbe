import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { ErrorMessage, ServerCard } from '@rookery/schemas/messages';
import { protocolVersion } from '@rookery/schemas/protocol';
import { tooFastText, type Pacing } from '../abuse/pacing.js';
import type { Admission } from '../accounts/admission.js';
import { serverVersion } from '../version.js';

/** Whether anybody may see a card of the server without logging in. */
export type CardRule = 'shown' | 'hidden';

export interface ServerCardsOptions {
  readonly rule: CardRule;
  readonly serverName: string;
  readonly admission: Pick<Admission, 'isPasswordAsked' | 'registration'>;
  readonly pacing: Pick<Pacing, 'takeOfAddress'>;
  /** How many are there now, and how many may be. */
  readonly members: () => number;
  readonly membersMax: number;
}

/** How often a card was asked for, since the start. */
export interface ServerCardStats {
  readonly shown: number;
  /** Too many from one address. */
  readonly tooFast: number;
  /** The server shows none. */
  readonly hidden: number;
}

/**
 * Shows who has not logged in what the server is: its name, how full it is, what it asks for. It
 * says nothing of any user, and costs no more than its own few bytes. Main thread.
 */
export class ServerCards {
  readonly #options: ServerCardsOptions;
  readonly #counts = { shown: 0, tooFast: 0, hidden: 0 };

  constructor(options: ServerCardsOptions) {
    this.#options = options;
  }

  /** @param source what the asker's address counts as */
  answer(source: string): ServerCard | ErrorMessage {
    const { rule, serverName, admission, pacing, members, membersMax } = this.#options;
    if (rule === 'hidden') {
      this.#counts.hidden += 1;
      return refused(ErrorCode.NotPermitted, 'This server tells who logs in what it is.');
    }
    const tooFast = pacing.takeOfAddress(source, 'card');
    if (tooFast !== null) {
      this.#counts.tooFast += 1;
      return refused(ErrorCode.TooFast, tooFastText(tooFast));
    }
    this.#counts.shown += 1;
    return {
      type: FrameType.ServerCard,
      protocolVersion,
      version: serverVersion,
      serverName,
      members: members(),
      membersMax,
      passwordRequired: admission.isPasswordAsked,
      registration: admission.registration,
    };
  }

  stats(): ServerCardStats {
    return { ...this.#counts };
  }
}

function refused(code: ErrorCode, message: string): ErrorMessage {
  return { type: FrameType.Error, code, message };
}
