/** How voice packets travel: through the voice port, or as datagrams of the control connection. */
export type VoicePathName = 'udp' | 'quic';

/** Milliseconds, all of them. */
export interface VoicePathTiming {
  /** Between pings while voice is sent, and from voice that broke off to a ping. */
  readonly busyPingEveryMs: number;
  /** Between pings otherwise: often enough for a NAT to keep its mapping (RFC 8445 section 11). */
  readonly idlePingEveryMs: number;
  /** Between pings while one is unanswered. */
  readonly repeatPingEveryMs: number;
  /** How long after the last packet a connection counts as one that is spoken on. */
  readonly busyForMs: number;
  /** The voice port counts as blocked when a ping is unanswered for so long. */
  readonly deadAfterMs: number;
  /** Between probes of a blocked voice port: at first, and at most. */
  readonly probeEveryMsMin: number;
  readonly probeEveryMsMax: number;
  /** How long the answer to a probe may take. */
  readonly probeGraceMs: number;
  /** A voice port that was open for so long is probed from the shortest interval again. */
  readonly stableAfterMs: number;
}

/**
 * While there is voice, a port that is blocked at any moment is left 2.9 s later: at most 1 s until
 * the next ping, 1.9 s without an answer to it. Who only listens needs no answer to know that the
 * way is open: in a room of hundreds, pings would cost the server as much as the voice.
 */
export const voicePathTiming: VoicePathTiming = {
  busyPingEveryMs: 1_000,
  idlePingEveryMs: 15_000,
  repeatPingEveryMs: 500,
  busyForMs: 2_000,
  deadAfterMs: 1_900,
  probeEveryMsMin: 5_000,
  probeEveryMsMax: 60_000,
  probeGraceMs: 500,
  stableAfterMs: 60_000,
};

interface PathPings {
  lastSentMs: number;
  /** When the first ping was sent that nothing has answered yet, or null. */
  unansweredSinceMs: number | null;
}

/**
 * Decides which way voice goes and when to ping. Pure: time is passed in, in milliseconds of any
 * monotonic clock; pings are sent by the caller.
 *
 *           no answer for deadAfterMs
 *     udp ───────────────────────────► quic ──┐ a ping by UDP now and then; without an
 *         ◄───────────────────────────      ◄─┘ answer a ping by QUIC follows
 *            a probe was answered
 *
 * The server sends to where the newest ping came from. So a probe that gets through, but whose
 * answer does not, would take the voice away: the ping by QUIC behind it brings it back.
 */
export class VoicePath {
  private readonly udp: PathPings = { lastSentMs: -Infinity, unansweredSinceMs: null };
  private readonly quic: PathPings = { lastSentMs: -Infinity, unansweredSinceMs: null };
  private name: VoicePathName = 'udp';
  private lastSpokenMs = -Infinity;
  private lastHeardMs = -Infinity;
  /** Whether voice was heard last, and not to its end. */
  private expectsVoice = false;
  private udpSinceMs = -Infinity;
  private probeEveryMs: number;
  private nextProbeMs = Infinity;

  constructor(private readonly timing: VoicePathTiming) {
    this.probeEveryMs = timing.probeEveryMsMin;
  }

  /** The way for packets that are sent now. */
  get current(): VoicePathName {
    return this.name;
  }

  /** The path that a ping is due on, or null. May change `current`. Ask again after each ping. */
  duePing(nowMs: number): VoicePathName | null {
    if (nowMs >= this.deadAtMs()) this.leaveUdp(nowMs);
    if (nowMs >= this.probeAtMs()) return 'udp';
    return nowMs >= this.pingAtMs() ? this.name : null;
  }

  /** When to ask duePing() again, unless something happens before. */
  nextDueMs(): number {
    return Math.min(this.deadAtMs(), this.probeAtMs(), this.pingAtMs());
  }

  /** Whether nothing has answered the last ping of that way yet. */
  isUnanswered(path: VoicePathName): boolean {
    return this[path].unansweredSinceMs !== null;
  }

  /** To be called for every ping that was sent. */
  onPing(path: VoicePathName, nowMs: number): void {
    const pings = this[path];
    pings.lastSentMs = nowMs;
    pings.unansweredSinceMs ??= nowMs;
    if (path === 'quic' || this.name === 'udp') return;
    this.nextProbeMs = nowMs + this.probeEveryMs;
    this.probeEveryMs = Math.min(2 * this.probeEveryMs, this.timing.probeEveryMsMax);
  }

  /** To be called for every genuine answer, with the path that it came on. */
  onPong(path: VoicePathName, nowMs: number): void {
    this[path].unansweredSinceMs = null;
    if (path === this.name) this.expectsVoice = false;
    if (path === 'quic' || this.name === 'udp') return;
    this.name = 'udp';
    this.udpSinceMs = nowMs;
    // The ping by QUIC has the last word at the server: another by UDP is due at once.
    if (this.quic.lastSentMs >= this.udp.lastSentMs) this.udp.lastSentMs = -Infinity;
  }

  /**
   * To be called for every voice packet that is sent.
   *
   * @returns whether a ping is now due earlier than nextDueMs() said before.
   */
  onSpoken(nowMs: number): boolean {
    const wasSilent = !this.isSpokenOnAt(nowMs);
    this.lastSpokenMs = nowMs;
    return wasSilent;
  }

  /**
   * To be called for every voice frame that was heard, with the path that it came on.
   *
   * @returns whether a ping is now due earlier than nextDueMs() said before.
   */
  onHeard(path: VoicePathName, nowMs: number, isEndOfSpurt: boolean): boolean {
    if (path !== this.name) return false;
    const wasExpected = this.expectsVoice;
    this.lastHeardMs = nowMs;
    this.expectsVoice = !isEndOfSpurt;
    return this.expectsVoice && !wasExpected;
  }

  private leaveUdp(nowMs: number): void {
    const { stableAfterMs, probeEveryMsMin } = this.timing;
    if (nowMs - this.udpSinceMs >= stableAfterMs) this.probeEveryMs = probeEveryMsMin;
    this.name = 'quic';
    this.nextProbeMs = nowMs + this.probeEveryMs;
    this.quic.lastSentMs = -Infinity;
    this.quic.unansweredSinceMs = null;
  }

  private deadAtMs(): number {
    const { unansweredSinceMs } = this.udp;
    if (this.name === 'quic' || unansweredSinceMs === null) return Infinity;
    return unansweredSinceMs + this.timing.deadAfterMs;
  }

  private probeAtMs(): number {
    return this.name === 'quic' ? this.nextProbeMs : Infinity;
  }

  private pingAtMs(): number {
    const { repeatPingEveryMs, probeGraceMs } = this.timing;
    const { lastSentMs, unansweredSinceMs } = this[this.name];
    const atMs =
      unansweredSinceMs === null
        ? this.regularPingAtMs(lastSentMs)
        : lastSentMs + repeatPingEveryMs;
    const isProbing = this.name === 'quic' && this.udp.lastSentMs >= lastSentMs;
    return isProbing ? Math.min(atMs, this.udp.lastSentMs + probeGraceMs) : atMs;
  }

  private regularPingAtMs(lastSentMs: number): number {
    const { busyPingEveryMs, idlePingEveryMs } = this.timing;
    if (this.isSpokenOnAt(lastSentMs)) return lastSentMs + busyPingEveryMs;
    const idleAtMs = lastSentMs + idlePingEveryMs;
    if (!this.expectsVoice) return idleAtMs;
    return Math.min(idleAtMs, Math.max(lastSentMs, this.lastHeardMs) + busyPingEveryMs);
  }

  private isSpokenOnAt(nowMs: number): boolean {
    return nowMs - this.lastSpokenMs < this.timing.busyForMs;
  }
}
