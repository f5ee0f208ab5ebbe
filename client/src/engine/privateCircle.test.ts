import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeStayKeys } from './privateSeal.js';
import {
  newIdentity,
  PrivateServer,
  sessionOf,
  type TestMember,
} from './testing/privateMembers.js';

let server: PrivateServer;
let ada: TestMember;
let bob: TestMember;
beforeEach(() => {
  server = new PrivateServer();
  ada = server.enter(1);
  bob = server.enter(2);
});

/** Whether a member opens what another one would seal at this time. */
function hears(listener: TestMember, speaker: TestMember, nowMs: number): boolean {
  const sealing = speaker.circle.sealingKey(nowMs);
  if (sealing === null) return false;
  const key = listener.circle.openingKey(speaker.token, sealing.epoch);
  return key !== null && Buffer.compare(key, sealing.key) === 0;
}

const trustIn = (member: TestMember, token: number): string | undefined =>
  member.circle.members().find(({ sessionToken }) => sessionToken === token)?.trust;

describe('members of a private room', () => {
  it('hear each other with keys that the server is told nothing of', () => {
    expect([hears(bob, ada, 0), hears(ada, bob, 0)]).toEqual([true, true]);
    const keys = [ada, bob].map(({ circle }) => circle.sealingKey(0)!.key);
    const carried = Buffer.from(
      JSON.stringify(server.carried, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ),
    );
    expect(server.carried.length).toBeGreaterThan(3);
    for (const key of keys) {
      expect(carried.includes(Buffer.from(key).toString('hex'))).toBe(false);
    }
  });

  it('speak with nothing before the server has taken the own key', () => {
    const { circle } = ada;
    circle.close();
    expect(circle.sealingKey(1_000)).toBeNull();
  });

  it('go on with one key while nobody comes or leaves', () => {
    const before = ada.circle.sealingKey(0)!;
    expect(ada.circle.sealingKey(1_000_000)).toBe(before);
    expect(server.carried.filter((message) => 'shares' in message)).toHaveLength(1);
  });

  it('keep what was said before from who comes', () => {
    const before = ada.circle.sealingKey(0)!;
    const carol = server.enter(3);
    expect(ada.circle.sealingKey(300)).toBe(before);
    expect([hears(bob, ada, 549), hears(carol, ada, 549)]).toEqual([true, false]);
    expect([hears(bob, ada, 551), hears(carol, ada, 551)]).toEqual([true, true]);
    expect(carol.circle.openingKey(1, before.epoch)).toBeNull();
  });

  it('keep what they say from who has left, from that moment on', () => {
    expect(hears(bob, ada, 0)).toBe(true);
    const carol = server.enter(3);
    expect(hears(carol, ada, 1_000)).toBe(false);
    expect(hears(carol, ada, 1_300)).toBe(true);
    server.leave(2);
    expect([hears(carol, ada, 1_400), hears(bob, ada, 1_400)]).toEqual([true, false]);
    // Another who leaves at once: nothing is said until there is a key for those who are left.
    server.leave(3);
    expect(ada.circle.sealingKey(1_401)).toBeNull();
    expect(ada.circle.sealingKey(1_600)).not.toBeNull();
  });

  it('are given keys again where they come back on another connection', () => {
    expect(hears(bob, ada, 0)).toBe(true);
    server.comeBack(bob);
    expect(hears(bob, ada, 100)).toBe(false);
    expect(hears(bob, ada, 1_000)).toBe(false);
    expect(hears(bob, ada, 1_300)).toBe(true);
    expect(hears(ada, bob, 1_300)).toBe(true);
  });

  it('share again what the server did not take', () => {
    server.onShare = () => null;
    expect(hears(bob, ada, 0)).toBe(false);
    ada.circle.onShareFailed();
    server.onShare = (share) => share;
    expect(hears(bob, ada, 500)).toBe(true);
  });

  it('see one safety code, which is another with other members', () => {
    const code = ada.circle.safetyCode();
    expect(code).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(bob.circle.safetyCode()).toBe(code);
    const carol = server.enter(3);
    const codes = [ada, bob, carol].map(({ circle }) => circle.safetyCode());
    expect(new Set(codes).size).toBe(1);
    expect(codes[0]).not.toBe(code);
    server.leave(3);
    expect(ada.circle.safetyCode()).toBe(code);
  });
});

describe('a server that lies', () => {
  it('is noticed where it puts its own key in the place of a member', () => {
    const own = makeStayKeys();
    server.onKey = (key, receiver) => {
      return receiver === 1 ? { ...key, publicKey: own.publicKey } : key;
    };
    const carol = server.enter(3);
    expect(trustIn(ada, 3)).toBe('false');
    expect(trustIn(bob, 3)).toBe('proven');
    expect([hears(carol, ada, 1_000), hears(bob, ada, 1_000)]).toEqual([false, true]);
    expect(ada.circle.safetyCode()).not.toBe(bob.circle.safetyCode());
  });

  it('is noticed where it signs with an identity that is not the one shown', () => {
    const other = newIdentity();
    const forger = new PrivateServer().enter(3, other);
    const { publicKey, identityKey, signature } = forger.circle.announcement;
    const forged = { sessionToken: 3, publicKey, identityKey, signature };
    server.onKey = (key, receiver) => (receiver === 1 ? forged : key);
    server.enter(3);
    expect(trustIn(ada, 3)).toBe('false');
    // And where it carries the key of another session, or one that was announced elsewhere.
    server.onKey = (key) => ({ ...key, sessionToken: 4 });
    server.enter(4);
    server.enter(5);
    expect(trustIn(ada, 4)).toBe('false');
    expect(trustIn(ada, 5)).toBe('awaited');
  });

  it('cannot show a member to one of them alone without another safety code', () => {
    const ghost = new PrivateServer().enter(9);
    server.ghosts.set(1, [sessionOf(ghost)]);
    server.show();
    const { publicKey, identityKey, signature } = ghost.circle.announcement;
    ada.circle.takeKey({ sessionToken: 9, publicKey, identityKey, signature });
    expect(ada.circle.members().map(({ sessionToken }) => sessionToken)).toEqual([1, 2, 9]);
    expect(ada.circle.safetyCode()).not.toBe(bob.circle.safetyCode());
  });

  it('cannot repeat a share, nor alter it, nor hand it to somebody else', () => {
    const carol = server.enter(3);
    const shares: { share: Parameters<PrivateServer['onShare']>[0]; receiver: number }[] = [];
    server.onShare = (share, receiver) => {
      shares.push({ share, receiver });
      return share;
    };
    ada.circle.sealingKey(0);
    const { share } = shares.find(({ receiver }) => receiver === 2)!;
    server.leave(3);
    const after = ada.circle.sealingKey(1_000)!;
    const flipped = share.sealed.map((byte, index) => (index === 30 ? byte ^ 1 : byte));
    for (const lie of [
      share,
      { ...share, keyNumber: share.keyNumber + 256 },
      { ...share, keyNumber: share.keyNumber + 9, sealed: flipped },
      { ...share, sealed: new Uint8Array(72) },
    ]) {
      bob.circle.takeShare(lie);
    }
    expect(bob.circle.refusedShares).toBe(4);
    carol.circle.takeShare(share);
    expect(carol.circle.refusedShares).toBe(1);
    expect(bob.circle.openingKey(1, after.epoch)).toEqual(after.key);
  });

  it('finds nobody sealing to a key that keeps no secret', () => {
    const weak = new Uint8Array(32);
    const identity = newIdentity();
    const signed = new PrivateServer().enter(3, identity).circle.announcement;
    server.onKey = () => ({ ...signed, sessionToken: 3, publicKey: weak });
    server.enter(3, identity);
    expect(trustIn(ada, 3)).toBe('false');
  });

  it('holds no more than a bounded number of keys in memory', () => {
    const key = { ...ada.circle.announcement, sessionToken: 0 };
    for (let token = 100; token < 5_000; token++) {
      bob.circle.takeKey({ ...key, sessionToken: token });
    }
    // The one of a member is still there.
    expect(hears(bob, ada, 0)).toBe(true);
  });
});

describe('whoever comes, leaves and returns', () => {
  it.each([1, 2, 3])('only those who are there open what is said (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const identities = Array.from({ length: 6 }, () => newIdentity());
    server = new PrivateServer();
    let nowMs = 0;
    let opened = 0;
    const said: { sender: number; key: Uint8Array; epoch: number; atStep: number }[] = [];
    const cameAtStep = new Map<number, number>();
    for (let step = 0; step < 400; step++) {
      const token = random.below(identities.length);
      const member = server.members.get(token);
      if (member === undefined) {
        server.enter(token, identities[token]);
        cameAtStep.set(token, step);
      } else if (random.chance(0.3)) {
        server.leave(token);
      } else if (random.chance(0.2)) {
        server.comeBack(member);
        cameAtStep.set(token, step);
      }
      const where = `seed ${seed}, step ${step}`;
      nowMs += random.below(400);
      for (const speaker of server.members.values()) {
        const sealing = speaker.circle.sealingKey(nowMs);
        if (sealing === null) continue;
        said.push({ sender: speaker.token, ...sealing, atStep: step });
      }
      // Long enough for whatever was due.
      nowMs += 1_000;
      for (const speaker of server.members.values()) speaker.circle.sealingKey(nowMs);
      nowMs += 1_000;
      for (const speaker of server.members.values()) {
        for (const listener of server.members.values()) {
          if (listener === speaker) continue;
          expect(hears(listener, speaker, nowMs), where).toBe(true);
          opened += 1;
        }
      }
      for (const { sender, key, epoch, atStep } of said.slice(-40)) {
        for (const { token: listener, circle } of server.members.values()) {
          if (listener === sender || cameAtStep.get(listener)! <= atStep) continue;
          const known = circle.openingKey(sender, epoch);
          expect(known !== null && Buffer.compare(known, key) === 0, where).toBe(false);
        }
      }
    }
    expect(opened).toBeGreaterThan(1_000);
  });
});
