import { openFrame, sealFrame, writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  frameSamples,
  readEpoch,
  readKind,
  readTimestamp,
  readToken,
  tokenSlot,
  VoiceKind,
  voiceHeaderBytes,
  voicePacketBytesMax,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import { openQuicSocket, type QuicSocket } from '@rookery/transport/quicSocket';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import { OpusDecoder } from '../engine/audio/opusCodec.js';
import { OpusLibrary } from '../engine/audio/opusLibrary.js';
import type { BotSession } from './botSession.js';
import { FramePacer } from './framePacer.js';
import { HeardScore } from './heardScore.js';
import { framesOf, payloadOf, type SpokenSound } from './spokenSound.js';
import { VoiceTally, type FrameListener } from './voiceTally.js';

/** Sockets that all bots of a process share: who listens and scores has one more. */
const sharedSockets = 4;
/** A process that is not scheduled for a tenth of a second must not lose what arrives. */
const bufferBytes = 8 * 1_048_576;
const framesPerSecond = 50;
/** Between two pings: often while the relay has not answered, then to keep the mapping of a NAT. */
const bindMs = 250;
const keepMs = 15_000;
/** Pings are looked at this often, while some are not answered and then; each look costs all. */
const bindLookMs = 50;
const keepLookMs = 500;
/** Frames are looked at when they are due, at least so far apart. */
const paceMsMin = 1;
/** Frames from then on count, so that everybody has the keys and the relay is warm. */
const warmUpUs = 1_000_000;
/** What was sent so long ago has come, or never will. */
const arrivalUs = 750_000;

/** One bot, as far as its voice goes. */
export interface VoiceBot {
  readonly session: BotSession;
  /** Of its room, among the rooms of the process. */
  readonly room: number;
  /** The relay knows its address. */
  isBound: boolean;
  pingAtMs: number;
  counter: number;
  socket: number;
}

/** What the speakers of a process say, while they do. */
interface Speech {
  readonly speakers: readonly VoiceBot[];
  readonly tally: VoiceTally;
  readonly pacer: FramePacer;
  /** Of each speaker: the frame of the sound that is next, and its timestamp. */
  readonly frames: Uint32Array;
  readonly timestamps: Uint32Array;
}

interface Scorer {
  readonly bot: VoiceBot;
  readonly score: HeardScore;
  /** Token of the speaker that it follows. */
  token: number;
}

/**
 * Voice of all bots of one process: few sockets, one timer, frames that were encoded once. What is
 * heard is counted at once and kept nowhere. One thread.
 */
export class BotVoice {
  readonly #sound: SpokenSound;
  readonly #to: UdpAddress;
  readonly #sockets: QuicSocket[] = [];
  readonly #bots: VoiceBot[] = [];
  readonly #botOfSlot = new Map<number, VoiceBot>();
  readonly #packet = new Uint8Array(voicePacketBytesMax);
  readonly #opened = new Uint8Array(voicePacketBytesMax);
  readonly #library = new OpusLibrary();
  readonly #scorers: Scorer[] = [];
  readonly #present: (room: number) => number;
  #speech: Speech | null = null;
  #isSpeaking = false;
  #timer: NodeJS.Timeout | null = null;
  #isFlushDue = false;
  #pingsAtMs = 0;

  /**
   * @param to the relay
   * @param localHost to bind
   * @param present how many are in a room of this process
   */
  static async open(
    sound: SpokenSound,
    to: UdpAddress,
    localHost: string,
    present: (room: number) => number,
  ): Promise<BotVoice> {
    const voice = new BotVoice(sound, to, present);
    for (let i = 0; i < sharedSockets; i++) await voice.#addSocket(localHost, null);
    voice.#schedule();
    return voice;
  }

  private constructor(sound: SpokenSound, to: UdpAddress, present: (room: number) => number) {
    this.#sound = sound;
    this.#to = to;
    this.#present = present;
  }

  /** A bot is in its room: the relay is told where it is until it answers. */
  add(session: BotSession, room: number): VoiceBot {
    const socket = this.#bots.length % sharedSockets;
    const bot = { session, room, isBound: false, pingAtMs: 0, counter: 0, socket };
    this.#bots.push(bot);
    this.#botOfSlot.set(tokenSlot(session.authOk!.sessionToken), bot);
    this.#pingSoon();
    return bot;
  }

  /** Lets some of the bots decode what they hear, each by a socket of its own. */
  async listen(bots: readonly VoiceBot[], localHost: string): Promise<void> {
    for (const bot of bots) {
      const score = new HeardScore(this.#sound, new OpusDecoder(this.#library));
      const scorer = { bot, score, token: -1 };
      bot.socket = await this.#addSocket(localHost, scorer);
      bot.isBound = false;
      bot.pingAtMs = 0;
      this.#scorers.push(scorer);
    }
    this.#pingSoon();
  }

  get scores(): HeardScore['result'][] {
    return this.#scorers.map(({ score }) => score.result);
  }

  /** Who speaks begins. */
  speak(speakers: readonly VoiceBot[]): void {
    const nowUs = this.#nowUs();
    const tokens = speakers.map(({ session }) => session.authOk!.sessionToken);
    const phases = speakers.map((_speaker, row) => row / speakers.length);
    this.#speech = {
      speakers,
      tally: new VoiceTally(tokens, nowUs + warmUpUs),
      pacer: new FramePacer(phases, framesPerSecond, nowUs),
      // Each elsewhere in the sound, so that they do not pause together.
      frames: Uint32Array.from(speakers, (_speaker, row) => (row * 97) % framesOf(this.#sound)),
      timestamps: Uint32Array.from(speakers, (_speaker, row) => row * 7_919),
    };
    this.#isSpeaking = true;
    this.#schedule();
  }

  /** Nobody says anything any more; what is on its way is still counted. */
  hush(): void {
    this.#isSpeaking = false;
  }

  /** null before anybody has spoken. */
  get tally(): VoiceTally | null {
    return this.#speech?.tally ?? null;
  }

  /** All that was sent some time ago, of whole seconds. */
  totals(): { readonly expected: number; readonly delivered: number } {
    const nowUs = this.#nowUs();
    return this.#speech?.tally.totals(nowUs - arrivalUs) ?? { expected: 0, delivered: 0 };
  }

  get lagUsMax(): number {
    return this.#speech?.pacer.lagUsMax ?? 0;
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await Promise.all(this.#sockets.map((socket) => socket.close()));
  }

  #nowUs(): number {
    return performance.now() * 1_000;
  }

  async #addSocket(host: string, scorer: Scorer | null): Promise<number> {
    const listener = scorer === null ? null : this.#listenerOf(scorer);
    const onPacket = (packet: Uint8Array): void => this.#receive(packet, listener);
    this.#sockets.push(await openQuicSocket({ host, port: 0, bufferBytes, onPacket }));
    return this.#sockets.length - 1;
  }

  #receive(packet: Uint8Array, listener: FrameListener | null): void {
    // The turn in which a socket may take its share ends with a flush.
    if (!this.#isFlushDue) {
      this.#isFlushDue = true;
      setImmediate(() => this.#flush());
    }
    if (packet.length < voiceHeaderBytes) return;
    const kind = readKind(packet, 0);
    if (kind === VoiceKind.Pong) {
      const bot = this.#botOfSlot.get(tokenSlot(readToken(packet, 0)));
      if (bot !== undefined) bot.isBound = true;
      return;
    }
    this.#speech?.tally.receive(packet, packet.length, this.#nowUs(), listener);
  }

  #listenerOf(scorer: Scorer): FrameListener {
    return (packet, start, end) => {
      const token = readToken(packet, start);
      if (scorer.token === -1) scorer.token = token;
      if (scorer.token !== token) return;
      const frame = packet.subarray(start, end);
      const key = scorer.bot.session.openingKey(readEpoch(frame, 0));
      if (key === null) return;
      const length = openFrame(frame, frame.length, key, this.#opened);
      if (length > 0) scorer.score.take(readTimestamp(frame, 0), this.#opened.subarray(0, length));
    };
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const nowMs = performance.now();
    const dueMs = this.#isSpeaking ? this.#speech!.pacer.nextDueUs / 1_000 : Infinity;
    const waitMs = Math.max(paceMsMin, Math.min(dueMs, this.#pingsAtMs) - nowMs);
    this.#timer = setTimeout(() => this.#turn(), waitMs);
  }

  #turn(): void {
    const nowUs = this.#nowUs();
    if (this.#isSpeaking) this.#speakDue(nowUs);
    this.#pingDue(nowUs / 1_000);
    this.#flush();
    this.#schedule();
  }

  #flush(): void {
    this.#isFlushDue = false;
    for (const socket of this.#sockets) socket.flush();
  }

  #speakDue(nowUs: number): void {
    const speech = this.#speech!;
    const { speakers, tally, pacer, frames, timestamps } = speech;
    for (let row = pacer.take(nowUs); row !== -1; row = pacer.take(nowUs)) {
      const bot = speakers[row]!;
      const frame = frames[row]!;
      frames[row] = (frame + 1) % framesOf(this.#sound);
      timestamps[row]! += frameSamples;
      if (bot.session.isLost) continue;
      const sealing = bot.session.sealingKey(nowUs / 1_000);
      if (sealing === null) continue;
      const payload = payloadOf(this.#sound, frame);
      this.#packet.set(payload, voiceHeaderBytes);
      const level = this.#sound.levels[frame]!;
      this.#writeHeader(bot, VoiceKind.Voice, sealing.epoch, level, timestamps[row]!);
      const length = sealFrame(this.#packet, payload.length, sealing.key);
      tally.noteSent(row, bot.counter, this.#nowUs(), this.#present(bot.room) - 1);
      this.#send(bot, length);
    }
  }

  #pingDue(nowMs: number): void {
    if (nowMs < this.#pingsAtMs) return;
    let isAnyUnbound = false;
    for (const bot of this.#bots) {
      if (bot.session.isLost) continue;
      if (!bot.isBound) isAnyUnbound = true;
      if (nowMs < bot.pingAtMs) continue;
      bot.pingAtMs = nowMs + (bot.isBound ? keepMs : bindMs);
      this.#writeHeader(bot, VoiceKind.Ping, 0, 0, 0);
      this.#send(bot, voiceHeaderBytes);
    }
    this.#pingsAtMs = nowMs + (isAnyUnbound ? bindLookMs : keepLookMs);
  }

  /** Somebody new is to be reached: those who come together wait for one look. */
  #pingSoon(): void {
    const soonMs = performance.now() + bindLookMs;
    if (this.#pingsAtMs <= soonMs) return;
    this.#pingsAtMs = soonMs;
    this.#schedule();
  }

  #writeHeader(
    bot: VoiceBot,
    kind: VoiceKind,
    epoch: number,
    level: number,
    timestamp: number,
  ): void {
    bot.counter++;
    writeVoiceHeader(this.#packet, 0, {
      ...{ token: bot.session.authOk!.sessionToken, counter: bot.counter, epoch, kind },
      ...{ endOfSpurt: false, level, timestamp },
    });
  }

  #send(bot: VoiceBot, length: number): void {
    const tagged = writeHopTag(this.#packet, length, bot.session.authOk!.hopKey);
    this.#sockets[bot.socket]!.send(this.#packet, 0, tagged, this.#to);
  }
}
