import { FrameType } from '@rookery/schemas/frameType';
import type {
  AnnounceKey,
  AnnouncedKey,
  KeyShare,
  SessionInfo,
  ShareKey,
  Uuid,
} from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import type { Identity } from './identity.js';
import {
  announcedBytes,
  isProven,
  makeStayKeys,
  makeVoiceKey,
  openShare,
  pairKeysOf,
  safetyCodeOf,
  sealShare,
  type PairKeys,
  type StayPlace,
} from './privateSeal.js';
import { SealingKeys, type SealingKey } from './sealingKeys.js';

/**
 * What is known of a member's key: nothing yet; that it was made by the user whom the session is
 * shown to be; or that it was not, so that somebody in between put another in its place.
 */
export type MemberTrust = 'awaited' | 'proven' | 'false';

/** Somebody in a private room, the own session too. */
export interface PrivateMember {
  readonly sessionToken: number;
  readonly userId: Uuid;
  readonly displayName: string;
  /** Only who is proven is given keys, and heard. */
  readonly trust: MemberTrust;
}

export interface PrivateCircleOptions {
  readonly place: StayPlace;
  /** The own session. */
  readonly sessionToken: number;
  readonly identity: Identity;
  /** Sends a key to the others; called by sealingKey() alone. */
  readonly share: (command: ShareKey) => void;
}

/** A key that another member speaks with. */
interface HeardKey {
  readonly epoch: number;
  readonly key: Uint8Array;
}

/** Another member, as the view shows it. */
interface Fellow {
  userId: Uuid;
  displayName: string;
  trust: MemberTrust;
  /** Only where it is proven. */
  pair: PairKeys | null;
  identityKey: Uint8Array;
  /** Of the newest key that it gave under `pair`: none before it is taken any more. */
  keyNumber: number;
  /** The newest first. */
  keys: HeardKey[];
}

/** Frames under more keys than this are not under way at the same time. */
const heardKeysMax = 4;
/** Keys that came before the view shows whose they are; more than may be in the room. */
const waitingMax = 2 * fieldLimits.privateMembersMax;
/** How long one goes on with the key before when somebody came, so that all have the new one. */
const overlapMs = 250;
/** Between two keys at least: a crowd that leaves at once costs few. */
const intervalMs = 150;

const epochs = 256;
/** Keys begin anywhere, so that two stays seldom share an epoch while frames are under way. */
const keyNumbersAtStart = 256;

/**
 * One stay of the own session in a private room: whom its keys go to, and which keys it hears with.
 * Whoever speaks makes a key for itself, once somebody came or left, and seals it for each of the
 * others whose key is proven. Who came does not learn what was said before; who left not what is
 * said from then on. The server carries all of it and can open none.
 *
 *     nothing ──speak──► key ──somebody came──► key, and the next in 250 ms
 *                         ▲──somebody left───── nothing
 *
 * Time, members and messages are handed in; keys are made here.
 */
export class PrivateCircle {
  /** To be sent to the server first. */
  readonly announcement: AnnounceKey;
  /** Grows with all that members() and safetyCode() depend on. */
  version = 0;
  /** Of others that did not open or were not new. */
  refusedShares = 0;
  readonly #options: PrivateCircleOptions;
  readonly #stay = makeStayKeys();
  readonly #fellows = new Map<number, Fellow>();
  /** By session, as they were announced; some before the view shows the session here. */
  readonly #announced = new Map<number, AnnouncedKey>();
  /** From those who are not proven yet. */
  #waiting: KeyShare[] = [];
  readonly #sealing = new SealingKeys();
  #keyNumber = Math.floor(Math.random() * keyNumbersAtStart);
  #madeAtMs = -Infinity;
  /** Of the newest own key. */
  #receivers = 0;
  /** Whether another key is needed: soon where somebody came, at once where somebody left. */
  #need: 'none' | 'soon' | 'now' = 'now';
  #isOpen = false;
  #ownName = '';
  #ownUserId: Uuid = '';

  constructor(options: PrivateCircleOptions) {
    this.#options = options;
    const { identity, place, sessionToken } = options;
    const { publicKey } = this.#stay;
    this.announcement = {
      type: FrameType.AnnounceKey,
      roomId: place.roomId,
      publicKey,
      identityKey: identity.publicKey,
      signature: identity.sign(announcedBytes(place, sessionToken, publicKey)),
    };
  }

  get roomId(): Uuid {
    return this.#options.place.roomId;
  }

  /** Whether the server has answered the announcement: before that nothing is sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Takes the answer to the announcement: what others had announced before. */
  open(keys: readonly AnnouncedKey[]): void {
    // What came as news is as new or newer.
    for (const key of keys) if (!this.#announced.has(key.sessionToken)) this.takeKey(key);
    this.#isOpen = true;
    this.version++;
  }

  /** @param members of the room, as the view shows them; by session token */
  follow(members: ReadonlyMap<number, SessionInfo>): void {
    for (const [token, { userId }] of this.#fellows) {
      if (members.get(token)?.userId !== userId) this.#lose(token);
    }
    for (const [token, session] of members) this.#see(token, session);
  }

  /** A member has announced a key. */
  takeKey(key: AnnouncedKey): void {
    const { sessionToken } = key;
    if (sessionToken === this.#options.sessionToken) return;
    this.#announced.delete(sessionToken);
    this.#announced.set(sessionToken, key);
    for (const [token] of this.#announced) {
      if (this.#announced.size <= waitingMax) break;
      if (!this.#fellows.has(token)) this.#announced.delete(token);
    }
    const fellow = this.#fellows.get(sessionToken);
    if (fellow !== undefined) this.#prove(sessionToken, fellow);
  }

  /** A member has sealed the key of its voice for us. */
  takeShare(share: KeyShare): void {
    const fellow = this.#fellows.get(share.senderToken);
    if (fellow?.trust === 'proven') this.#openShare(fellow, share);
    else this.#waiting = [...this.#waiting.slice(1 - waitingMax), share];
  }

  /** The server did not take the newest key: the others do not have it. */
  onShareFailed(): void {
    this.#receivers = 0;
    if (this.#need === 'none') this.#need = 'soon';
  }

  isFellow(sessionToken: number): boolean {
    return this.#fellows.has(sessionToken);
  }

  /** The key of a member's voice, or null. Does not allocate. */
  openingKey(senderToken: number, epoch: number): Uint8Array | null {
    const keys = this.#fellows.get(senderToken)?.keys;
    if (keys === undefined) return null;
    for (let index = 0; index < keys.length; index++) {
      if (keys[index]!.epoch === epoch) return keys[index]!.key;
    }
    return null;
  }

  /** The key to speak with now; null before the server has answered, and for a moment after some
   * have left. Makes and shares one where it is needed, and else does not allocate. */
  sealingKey(nowMs: number): SealingKey | null {
    if (!this.#isOpen) return null;
    if (this.#need !== 'none') this.#renew(nowMs);
    return this.#sealing.current(nowMs);
  }

  /** Everybody in the room, the own session first. */
  members(): PrivateMember[] {
    const { sessionToken } = this.#options;
    const own = { sessionToken, userId: this.#ownUserId, displayName: this.#ownName };
    const others = Array.from(this.#fellows, ([token, { userId, displayName, trust }]) => {
      return { sessionToken: token, userId, displayName, trust };
    });
    return [{ ...own, trust: 'proven' }, ...others];
  }

  /** Of all who are given the own keys, and oneself. */
  safetyCode(): string {
    const { place, identity } = this.#options;
    const proven = [...this.#fellows.values()].filter(({ trust }) => trust === 'proven');
    const keys = proven.map(({ identityKey }) => identityKey);
    return safetyCodeOf(place, [identity.publicKey, ...keys]);
  }

  /** Forgets all keys, so that nothing of this stay can be opened any more. */
  close(): void {
    this.#isOpen = false;
    this.#stay.secretKey.fill(0);
    this.#sealing.clear();
    for (const token of [...this.#fellows.keys()]) this.#lose(token);
  }

  #see(token: number, { userId, displayName }: SessionInfo): void {
    if (token === this.#options.sessionToken) {
      if (displayName !== this.#ownName) this.version++;
      this.#ownName = displayName;
      this.#ownUserId = userId;
      return;
    }
    const known = this.#fellows.get(token);
    if (known !== undefined) {
      if (known.displayName !== displayName) this.version++;
      known.displayName = displayName;
      return;
    }
    const nothing = { pair: null, identityKey: new Uint8Array(0), keyNumber: -1, keys: [] };
    const fellow: Fellow = { userId, displayName, trust: 'awaited', ...nothing };
    this.#fellows.set(token, fellow);
    this.version++;
    this.#prove(token, fellow);
  }

  #lose(token: number): void {
    const fellow = this.#fellows.get(token)!;
    this.#fellows.delete(token);
    this.#announced.delete(token);
    this.#forgetPair(fellow);
    for (const { key } of fellow.keys) key.fill(0);
    this.version++;
  }

  /** It may know the own key, and is not to know the next. */
  #forgetPair(fellow: Fellow): void {
    if (fellow.pair === null) return;
    fellow.pair.toOther.fill(0);
    fellow.pair.fromOther.fill(0);
    fellow.pair = null;
    this.#need = 'now';
  }

  #prove(token: number, fellow: Fellow): void {
    const key = this.#announced.get(token);
    if (key === undefined) return;
    const { place } = this.#options;
    const proven = isProven(key, place, fellow.userId);
    const pair = proven ? pairKeysOf(this.#stay, key.publicKey) : null;
    this.version++;
    if (pair === null) {
      this.#forgetPair(fellow);
      fellow.trust = 'false';
      return;
    }
    fellow.pair = pair;
    fellow.trust = 'proven';
    fellow.identityKey = key.identityKey;
    fellow.keyNumber = -1;
    // The same user with another key came back, and needs what it has lost.
    if (this.#need === 'none') this.#need = 'soon';
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ senderToken }) => senderToken !== token);
    for (const share of waiting) if (share.senderToken === token) this.#openShare(fellow, share);
  }

  #openShare(fellow: Fellow, { senderToken, keyNumber, sealed }: KeyShare): void {
    const receiverToken = this.#options.sessionToken;
    const place = { roomId: this.roomId, senderToken, receiverToken, keyNumber };
    const isNew = keyNumber > fellow.keyNumber;
    const key = isNew && fellow.pair ? openShare(sealed, fellow.pair.fromOther, place) : null;
    if (key === null) {
      this.refusedShares++;
      return;
    }
    fellow.keyNumber = keyNumber;
    for (const { key: old } of fellow.keys.splice(heardKeysMax - 1)) old.fill(0);
    fellow.keys.unshift({ epoch: keyNumber % epochs, key });
  }

  #renew(nowMs: number): void {
    const isSoon = this.#need === 'soon' && this.#receivers > 0;
    if (this.#need === 'now') this.#sealing.clear();
    if (nowMs < this.#madeAtMs + (isSoon ? overlapMs : intervalMs)) return;
    const key = makeVoiceKey();
    const keyNumber = ++this.#keyNumber;
    const shares = this.#sharesOf(key, keyNumber);
    if (!isSoon) this.#sealing.clear();
    this.#sealing.add({ epoch: keyNumber % epochs, key }, nowMs + (isSoon ? overlapMs : 0));
    this.#need = 'none';
    this.#madeAtMs = nowMs;
    this.#receivers = shares.length;
    if (shares.length === 0) return;
    this.#options.share({ type: FrameType.ShareKey, roomId: this.roomId, keyNumber, shares });
  }

  #sharesOf(key: Uint8Array, keyNumber: number): ShareKey['shares'] {
    const { roomId } = this;
    const senderToken = this.#options.sessionToken;
    const shares: ShareKey['shares'][number][] = [];
    for (const [sessionToken, { pair }] of this.#fellows) {
      // The server lets no more announce a key.
      if (pair === null || shares.length >= fieldLimits.privateMembersMax) continue;
      const place = { roomId, senderToken, receiverToken: sessionToken, keyNumber };
      shares.push({ sessionToken, sealed: sealShare(key, pair.toOther, place) });
    }
    return shares;
  }
}
