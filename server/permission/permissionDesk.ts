import assert from 'node:assert/strict';
import type { Uuid } from '@rookery/schemas/messages';
import {
  allowedIn,
  decide,
  roomDeciding,
  type Decision,
} from '@rookery/schemas/permissionDecision';
import { influencesOf, roomsBehindPassword, type Influence } from './influence.js';
import { PermissionBook } from './permissionBook.js';
import type { PermissionChange, Subject } from '@rookery/schemas/permissionData';
import { includes, type Permission, type PermissionSet } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';

/** Answers that are no longer known, as something changed that they may rest on. */
export interface DroppedAnswers {
  readonly sessionToken: number;
  /** One object for all sessions that a change concerns alike. */
  readonly roomIds: ReadonlySet<Uuid>;
}

interface Answer {
  allowed: PermissionSet;
  /** So many drops of its asker it has outlasted. */
  drops: number;
}

interface Asker {
  subject: Subject;
  /** By room; some of them may be dropped. */
  answers: Map<Uuid, Answer>;
  /** Rooms of which answers were dropped, in order. */
  drops: ReadonlySet<Uuid>[];
}

/** With so many it is cheaper to forget all answers of a session than to compare. */
const dropsMax = 64;

/**
 * The one place that is asked who may do what. Answers are kept for each session and room until a
 * change that can change them; whoever publishes answers elsewhere asks again for those that a
 * change says it dropped. To drop them costs a step for each session that a change concerns,
 * however many answers it has: whether one still holds is seen when it is asked for. Pure: no I/O,
 * clock or randomness. `can` allocates only where the answer is not known.
 */
export class PermissionDesk {
  readonly #book: PermissionBook;
  readonly #askers = new Map<number, Asker>();

  /** @param everyoneIs role of those who were given none */
  constructor(everyoneIs: Role = 'guest') {
    this.#book = new PermissionBook(everyoneIs);
  }

  /** Somebody is there who will ask. */
  open(sessionToken: number, userId: Uuid): void {
    assert(!this.#askers.has(sessionToken), 'a session is opened once');
    const subject = { userId, passwordIds: new Set<number>() };
    this.#askers.set(sessionToken, { subject, answers: new Map(), drops: [] });
  }

  close(sessionToken: number): void {
    this.#askers.delete(sessionToken);
  }

  /** @returns false also where there is no such room */
  can(sessionToken: number, permission: Permission, roomId: Uuid): boolean {
    if (!this.#book.has(roomId)) return false;
    return includes(this.allowedIn(sessionToken, roomDeciding(permission, roomId)), permission);
  }

  /**
   * All that a session may do in a room. Those of the server are in the answer for the root only.
   *
   * @returns nothing, where there is no such room
   */
  allowedIn(sessionToken: number, roomId: Uuid): PermissionSet {
    const { subject, answers, drops } = this.#asker(sessionToken);
    const known = answers.get(roomId);
    if (known !== undefined && holds(known, roomId, drops)) return known.allowed;
    const allowed = allowedIn(this.#book, subject, roomId);
    // A room that is made later has answers of its own.
    if (this.#book.has(roomId)) answers.set(roomId, { allowed, drops: drops.length });
    else answers.delete(roomId);
    return allowed;
  }

  /**
   * The answer of `can` with the rule that decided; `decisionInWords` tells it to a person.
   *
   * @param subject of a session (`subject`), or of somebody who is away
   */
  explain(subject: Subject, permission: Permission, roomId: Uuid): Decision {
    return decide(this.#book, subject, permission, roomId);
  }

  /** Whom a session asks as. */
  subject(sessionToken: number): Subject {
    return this.#asker(sessionToken).subject;
  }

  /** @returns the answers that may be others now, for sessions of which any was known */
  apply(change: PermissionChange): DroppedAnswers[] {
    const influences = influencesOf(this.#book, change);
    this.#book.apply(change);
    return influences.flatMap((influence) => this.#drop(influence));
  }

  /**
   * A session gave the password of a room. Whether it was right is the caller's to know.
   *
   * @param passwordId as in the rules of the room
   * @returns as `apply`
   */
  givePassword(sessionToken: number, passwordId: number): DroppedAnswers[] {
    const asker = this.#asker(sessionToken);
    const { subject } = asker;
    if (subject.passwordIds.has(passwordId)) return [];
    const passwordIds = new Set([...subject.passwordIds, passwordId]);
    asker.subject = { ...subject, passwordIds };
    if (this.#book.role(subject.userId) === 'owner') return [];
    return this.#dropOf(sessionToken, asker, roomsBehindPassword(this.#book, passwordId));
  }

  #drop({ roomIds, touches }: Influence): DroppedAnswers[] {
    if (roomIds.size === 0) return [];
    const dropped: DroppedAnswers[] = [];
    for (const [sessionToken, asker] of this.#askers) {
      if (touches(asker.subject)) dropped.push(...this.#dropOf(sessionToken, asker, roomIds));
    }
    return dropped;
  }

  #dropOf(sessionToken: number, asker: Asker, roomIds: ReadonlySet<Uuid>): DroppedAnswers[] {
    if (asker.answers.size === 0 || roomIds.size === 0) return [];
    if (asker.drops.length < dropsMax) {
      asker.drops.push(roomIds);
    } else {
      asker.answers = new Map();
      asker.drops = [];
    }
    return [{ sessionToken, roomIds }];
  }

  #asker(sessionToken: number): Asker {
    const asker = this.#askers.get(sessionToken);
    assert(asker !== undefined, 'who asks has a session');
    return asker;
  }
}

/** Whether none of the drops since then was of an answer, which is noted. */
function holds(answer: Answer, roomId: Uuid, drops: readonly ReadonlySet<Uuid>[]): boolean {
  for (; answer.drops < drops.length; answer.drops++) {
    if (drops[answer.drops]!.has(roomId)) return false;
  }
  return true;
}
