import assert from 'node:assert/strict';
import type { Uuid } from '@rookery/schemas/messages';
import { allowedIn, decide, roomDeciding, type Decision } from './decide.js';
import { influencesOf, roomsBehindPassword, type Influence } from './influence.js';
import { PermissionBook } from './permissionBook.js';
import type { PermissionChange, Subject } from './permissionData.js';
import { includes, type Permission, type PermissionSet } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';

/** An answer that is no longer known, as something changed that it may rest on. */
export interface DroppedAnswer {
  readonly sessionToken: number;
  readonly roomId: Uuid;
}

interface Asker {
  subject: Subject;
  /** By room. */
  readonly answers: Map<Uuid, PermissionSet>;
}

/**
 * The one place that is asked who may do what. Answers are kept for each session and room until a
 * change that can change them; whoever publishes answers elsewhere asks again for those that a
 * change says it dropped. Pure: no I/O, clock or randomness. `can` allocates only where the answer
 * is not known.
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
    this.#askers.set(sessionToken, { subject, answers: new Map() });
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
    const { subject, answers } = this.#asker(sessionToken);
    const known = answers.get(roomId);
    if (known !== undefined) return known;
    const allowed = allowedIn(this.#book, subject, roomId);
    // A room that is made later has answers of its own.
    if (this.#book.has(roomId)) answers.set(roomId, allowed);
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

  /** @returns the answers that were known and may be others now, each once */
  apply(change: PermissionChange): DroppedAnswer[] {
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
  givePassword(sessionToken: number, passwordId: number): DroppedAnswer[] {
    const asker = this.#asker(sessionToken);
    const { subject } = asker;
    if (subject.passwordIds.has(passwordId)) return [];
    const passwordIds = new Set([...subject.passwordIds, passwordId]);
    asker.subject = { ...subject, passwordIds };
    if (this.#book.role(subject.userId) === 'owner') return [];
    return this.#dropOf(sessionToken, asker, roomsBehindPassword(this.#book, passwordId));
  }

  #drop({ roomIds, touches }: Influence): DroppedAnswer[] {
    if (roomIds.size === 0) return [];
    const dropped: DroppedAnswer[] = [];
    for (const [sessionToken, asker] of this.#askers) {
      if (touches(asker.subject)) dropped.push(...this.#dropOf(sessionToken, asker, roomIds));
    }
    return dropped;
  }

  #dropOf(sessionToken: number, { answers }: Asker, roomIds: ReadonlySet<Uuid>): DroppedAnswer[] {
    const known = [...answers.keys()].filter((roomId) => roomIds.has(roomId));
    for (const roomId of known) answers.delete(roomId);
    return known.map((roomId) => ({ sessionToken, roomId }));
  }

  #asker(sessionToken: number): Asker {
    const asker = this.#askers.get(sessionToken);
    assert(asker !== undefined, 'who asks has a session');
    return asker;
  }
}
