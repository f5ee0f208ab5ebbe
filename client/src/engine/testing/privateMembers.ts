import { FrameType } from '@rookery/schemas/frameType';
import { userIdOf } from '@rookery/schemas/loginMessage';
import type {
  AnnouncedKey,
  KeyShare,
  SessionInfo,
  ShareKey,
  Uuid,
} from '@rookery/schemas/messages';
import { defaultSession } from '@rookery/schemas/protocol';
import { identityOf, newIdentityRecord, type Identity } from '../identityFile.js';
import { PrivateCircle } from '../privateCircle.js';

export const privateRoomId = '00000000-0000-4000-8000-000000000001';
export const place = { roomId: privateRoomId, fingerprint: new Uint8Array(32).fill(5) };

export function newIdentity(): Identity {
  return identityOf(newIdentityRecord());
}

/** Somebody with an identity, and the circle of the present stay. */
export interface TestMember {
  readonly token: number;
  readonly identity: Identity;
  readonly userId: Uuid;
  circle: PrivateCircle;
}

/**
 * A private room without network: the server that carries what its members send each other, and
 * that a test may make lie. All of it passes `carried`.
 */
export class PrivateServer {
  readonly members = new Map<number, TestMember>();
  /** All that members gave it, oldest first. */
  readonly carried: (AnnouncedKey | ShareKey)[] = [];
  /** What becomes of a key, and of a share, on its way to somebody; null for nothing. */
  onKey: (key: AnnouncedKey, receiver: number) => AnnouncedKey | null = (key) => key;
  onShare: (share: KeyShare, receiver: number) => KeyShare | null = (share) => share;
  /** Sessions that a member is shown beside those that are there. */
  readonly ghosts = new Map<number, SessionInfo[]>();
  readonly #announced = new Map<number, AnnouncedKey>();

  /** Somebody comes, or comes back with nothing of its stay before. */
  enter(token: number, identity = newIdentity()): TestMember {
    const member: TestMember = {
      token,
      identity,
      userId: userIdOf(identity.publicKey),
      circle: this.#newCircle(token, identity),
    };
    this.members.set(token, member);
    this.show();
    this.#announce(member);
    return member;
  }

  /** The same session on another connection: others are shown nothing of it. */
  comeBack(member: TestMember): void {
    member.circle.close();
    member.circle = this.#newCircle(member.token, member.identity);
    this.show();
    this.#announce(member);
  }

  leave(token: number): void {
    this.members.delete(token);
    this.#announced.delete(token);
    this.show();
  }

  /** Shows everybody who is there. */
  show(): void {
    const sessions = Array.from(this.members.values(), (member) => sessionOf(member));
    for (const { token, circle } of this.members.values()) {
      const shown = [...sessions, ...(this.ghosts.get(token) ?? [])];
      circle.follow(new Map(shown.map((session) => [session.sessionToken, session])));
    }
  }

  #newCircle(sessionToken: number, identity: Identity): PrivateCircle {
    const share = (command: ShareKey): void => this.#share(sessionToken, command);
    return new PrivateCircle({ place, sessionToken, identity, share });
  }

  #announce({ token, circle }: TestMember): void {
    const { publicKey, identityKey, signature } = circle.announcement;
    const key = { sessionToken: token, publicKey, identityKey, signature };
    this.carried.push(key);
    const before = [...this.#announced.values()].filter((other) => other.sessionToken !== token);
    this.#announced.set(token, key);
    for (const other of this.members.values()) {
      const told = this.onKey(key, other.token);
      if (other.token !== token && told !== null) other.circle.takeKey(told);
    }
    circle.open(before.map((other) => this.onKey(other, token)).filter((told) => told !== null));
  }

  #share(senderToken: number, command: ShareKey): void {
    this.carried.push(command);
    const { roomId, keyNumber, shares } = command;
    for (const { sessionToken, sealed } of shares) {
      const type = FrameType.KeyShare;
      const share = { type, roomId, senderToken, keyNumber, sealed };
      const told = this.onShare(share, sessionToken);
      if (told !== null) this.members.get(sessionToken)?.circle.takeShare(told);
    }
  }
}

export function sessionOf({ token, userId }: Pick<TestMember, 'token' | 'userId'>): SessionInfo {
  const displayName = `Member ${token}`;
  return { ...defaultSession, sessionToken: token, userId, displayName, roomId: privateRoomId };
}
