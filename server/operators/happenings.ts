import type { Happening, PersonHappening } from '@rookery/schemas/adminApi';
import type { SessionInfo } from '@rookery/schemas/messages';
import type { AuditNote } from '../moderation/auditLog.js';
import type { CommunityState } from '../state/communityState.js';
import type { Applied } from '../state/outcome.js';

/** More in a second nobody reads: they are counted. */
const keptMax = 200;

type Person = Pick<SessionInfo, 'userId' | 'displayName' | 'roomId'>;

/**
 * What has happened since it was asked for last. It costs nothing while nobody looks on. Main
 * thread.
 */
export class Happenings {
  readonly #state: Pick<CommunityState, 'snapshot'>;
  readonly #wallClockMs: () => number;
  /** By token; null while nobody looks on. */
  #people: Map<number, Person> | null = null;
  #kept: Happening[] = [];
  #leftOut = 0;

  constructor(state: Pick<CommunityState, 'snapshot'>, wallClockMs: () => number) {
    this.#state = state;
    this.#wallClockMs = wallClockMs;
  }

  /** Somebody looks on from now on. */
  start(): void {
    const { sessions } = this.#state.snapshot();
    this.#people = new Map(sessions.map((session) => [session.sessionToken, session]));
    this.take();
  }

  stop(): void {
    this.#people = null;
    this.take();
  }

  /** All since the last time, the oldest first, and how many more there were. */
  take(): { readonly kept: readonly Happening[]; readonly leftOut: number } {
    const taken = { kept: this.#kept, leftOut: this.#leftOut };
    this.#kept = [];
    this.#leftOut = 0;
    return taken;
  }

  /** What changed of rooms and sessions. */
  note({ changes }: Applied): void {
    if (this.#people === null) return;
    for (const change of changes) {
      if (change.kind === 'sessionPut') this.#put(this.#people, change.session);
      if (change.kind !== 'sessionRemoved') continue;
      const person = this.#people.get(change.sessionToken);
      this.#people.delete(change.sessionToken);
      if (person !== undefined) this.#tellOf('went', person);
    }
  }

  /** What the audit log was told. */
  noteAct(note: AuditNote, isRefused: boolean): void {
    if (this.#people === null) return;
    const { action, actorId, targetId = null, roomId = null, detail = '' } = note;
    const atMs = this.#wallClockMs();
    this.#keep({ kind: 'act', atMs, action, actorId, targetId, roomId, detail, isRefused });
  }

  #put(people: Map<number, Person>, session: SessionInfo): void {
    const before = people.get(session.sessionToken);
    people.set(session.sessionToken, session);
    if (before === undefined) this.#tellOf('came', session);
    else if (before.roomId !== session.roomId) this.#tellOf('moved', session);
  }

  #tellOf(kind: PersonHappening['kind'], { userId, displayName, roomId }: Person): void {
    this.#keep({ kind, atMs: this.#wallClockMs(), userId, displayName, roomId });
  }

  #keep(happening: Happening): void {
    if (this.#kept.length < keptMax) this.#kept.push(happening);
    else this.#leftOut += 1;
  }
}
