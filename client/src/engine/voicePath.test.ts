import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { beforeEach, describe, expect, it } from 'vitest';
import { VoicePath, voicePathTiming, type VoicePathName } from './voicePath.js';

/** A server and a network in stepped time: pings go out when they are due, answers come back. */
class SteppedPath {
  readonly path = new VoicePath(voicePathTiming);
  nowMs = 1_000;
  /** Whether pings get through, and whether answers do. */
  readonly open = { udp: { out: true, back: true }, quic: { out: true, back: true } };
  readonly pings: { path: VoicePathName; atMs: number }[] = [];
  /** Where the server sends voice to. */
  bound: VoicePathName | null = null;
  speaks = false;
  /** Whether somebody speaks whom the server sends here. */
  hears = false;
  roundTripMs = 40;
  private readonly underWay: { path: VoicePathName; atMs: number }[] = [];

  /** Lets time go on, in steps of 10 ms. */
  run(ms: number): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += 10) this.step();
  }

  countSince(path: VoicePathName, sinceMs: number): number {
    return this.pings.filter((ping) => ping.path === path && ping.atMs >= sinceMs).length;
  }

  private step(): void {
    const { path, nowMs } = this;
    if (this.speaks) path.onSpoken(nowMs);
    if (this.hears && this.bound !== null && this.open[this.bound].back) {
      path.onHeard(this.bound, nowMs, false);
    }
    while (this.underWay[0] !== undefined && this.underWay[0].atMs <= nowMs) {
      path.onPong(this.underWay.shift()!.path, nowMs);
    }
    for (let due = path.duePing(nowMs); due !== null; due = path.duePing(nowMs)) {
      path.onPing(due, nowMs);
      this.pings.push({ path: due, atMs: nowMs });
      if (!this.open[due].out) continue;
      this.bound = due;
      if (this.open[due].back) this.underWay.push({ path: due, atMs: nowMs + this.roundTripMs });
    }
    if (path.nextDueMs() <= nowMs) throw new Error(`due at ${path.nextDueMs()}, it is ${nowMs}`);
  }
}

let stepped: SteppedPath;
const block = (path: VoicePathName): void => {
  stepped.open[path].out = false;
  stepped.open[path].back = false;
};
const unblock = (path: VoicePathName): void => {
  stepped.open[path].out = true;
  stepped.open[path].back = true;
};
beforeEach(() => {
  stepped = new SteppedPath();
});

describe('an open voice port', () => {
  it('is pinged at once, every fifteen seconds, and every second while one speaks', () => {
    stepped.run(60_000);
    expect(stepped.countSince('udp', 0)).toBe(4);
    stepped.speaks = true;
    const sinceMs = stepped.nowMs;
    stepped.run(10_000);
    expect(stepped.countSince('udp', sinceMs)).toBe(10);
    expect(stepped.countSince('quic', 0)).toBe(0);
    expect(stepped.path.current).toBe('udp');
  });

  it('is not pinged more often for voice that is heard', () => {
    stepped.hears = true;
    stepped.run(60_000);
    expect(stepped.countSince('udp', 0)).toBe(4);
  });

  it('is pinged once when voice breaks off, and not when a spurt ends', () => {
    stepped.hears = true;
    stepped.run(1_000);
    stepped.hears = false;
    stepped.run(10_000);
    expect(stepped.countSince('udp', 0)).toBe(2);
    stepped.hears = true;
    stepped.run(1_000);
    stepped.hears = false;
    stepped.path.onHeard('udp', stepped.nowMs, true);
    stepped.run(3_000);
    expect(stepped.countSince('udp', 0)).toBe(2);
  });

  it('says that a ping is due earlier when voice is heard', () => {
    stepped.run(2_000);
    const beforeMs = stepped.path.nextDueMs();
    expect(stepped.path.onHeard('quic', stepped.nowMs, false)).toBe(false);
    expect(stepped.path.onHeard('udp', stepped.nowMs, false)).toBe(true);
    expect(stepped.path.nextDueMs()).toBeLessThan(beforeMs);
    expect(stepped.path.onHeard('udp', stepped.nowMs, false)).toBe(false);
  });

  it('says that a ping is due earlier when one begins to speak', () => {
    stepped.run(2_000);
    const beforeMs = stepped.path.nextDueMs();
    expect(stepped.path.onSpoken(stepped.nowMs)).toBe(true);
    expect(stepped.path.nextDueMs()).toBeLessThan(beforeMs);
    expect(stepped.path.onSpoken(stepped.nowMs)).toBe(false);
  });

  it('survives a lost ping or two', () => {
    stepped.speaks = true;
    stepped.run(5_000);
    block('udp');
    stepped.run(1_500);
    unblock('udp');
    stepped.run(10_000);
    expect(stepped.countSince('quic', 0)).toBe(0);
  });
});

describe('a blocked voice port', () => {
  it('is left within three seconds from the start', () => {
    block('udp');
    stepped.run(3_000);
    expect(stepped.path.current).toBe('quic');
    expect(stepped.bound).toBe('quic');
  });

  it.each(['speaks', 'hears'] as const)('is left within three seconds while one %s', (does) => {
    for (let offsetMs = 0; offsetMs < 1_000; offsetMs += 70) {
      stepped = new SteppedPath();
      stepped[does] = true;
      stepped.run(4_000 + offsetMs);
      block('udp');
      stepped.run(3_000);
      expect({ offsetMs, bound: stepped.bound }).toEqual({ offsetMs, bound: 'quic' });
    }
  });

  it('is left too when only the way back is blocked', () => {
    stepped.open.udp.back = false;
    stepped.run(3_000);
    expect(stepped.bound).toBe('quic');
  });

  it('is probed less and less often, and taken again when it opens', () => {
    block('udp');
    stepped.run(3_000);
    const sinceMs = stepped.nowMs;
    stepped.run(600_000);
    const probes = stepped.pings.filter(({ path, atMs }) => path === 'udp' && atMs >= sinceMs);
    const gapsMs = probes.slice(1).map(({ atMs }, i) => atMs - probes[i]!.atMs);
    expect(gapsMs.slice(0, 6)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    unblock('udp');
    stepped.run(61_000);
    expect(stepped).toMatchObject({ bound: 'udp', path: { current: 'udp' } });
  });

  it('does not take voice away by a probe whose answer is lost', () => {
    stepped.open.udp.back = false;
    stepped.run(3_000);
    let awayMs = 0;
    for (let i = 0; i < 6_000; i++) {
      stepped.run(10);
      if (stepped.bound === 'udp') awayMs += 10;
    }
    // Half a second for each of the four probes of a minute.
    expect(awayMs).toBeLessThanOrEqual(4 * 520);
    expect(stepped).toMatchObject({ bound: 'quic', path: { current: 'quic' } });
  });

  it('goes back although the answers take longer than it waits for them', () => {
    block('udp');
    stepped.run(3_000);
    stepped.roundTripMs = 800;
    unblock('udp');
    stepped.run(10_000);
    expect(stepped).toMatchObject({ bound: 'udp', path: { current: 'udp' } });
  });

  it('is not tried more often for having worked a moment', () => {
    block('udp');
    stepped.run(60_000);
    unblock('udp');
    stepped.run(61_000);
    expect(stepped.path.current).toBe('udp');
    block('udp');
    const sinceMs = stepped.nowMs;
    stepped.run(65_000);
    // The pings until it was given up, and one probe.
    expect(stepped.countSince('udp', sinceMs)).toBeLessThanOrEqual(6);
  });

  it('is probed soon again when it had been open for long', () => {
    block('udp');
    stepped.run(60_000);
    unblock('udp');
    stepped.run(200_000);
    block('udp');
    stepped.run(8_000);
    unblock('udp');
    stepped.run(8_000);
    expect(stepped.path.current).toBe('udp');
  });
});

it('ends on the path that is open, whatever happened before', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new SeededRandom(seed);
    stepped = new SteppedPath();
    for (let change = 0; change < 20; change++) {
      stepped.open.udp = { out: random.chance(0.5), back: random.chance(0.5) };
      stepped.speaks = random.chance(0.5);
      stepped.hears = random.chance(0.5);
      stepped.roundTripMs = 10 * (1 + random.below(60));
      stepped.run(random.below(20_000));
    }
    const expected = random.chance(0.5) ? 'udp' : 'quic';
    if (expected === 'udp') unblock('udp');
    else block('udp');
    stepped.run(130_000);
    expect({ seed, bound: stepped.bound, current: stepped.path.current }).toEqual({
      seed,
      bound: expected,
      current: expected,
    });
    const lastMinute = stepped.pings.filter(({ atMs }) => atMs >= stepped.nowMs - 60_000);
    expect(lastMinute.length).toBeLessThanOrEqual(90);
  }
});
