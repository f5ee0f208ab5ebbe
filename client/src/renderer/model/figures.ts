import type { RingFill } from '@rookery/client/engine/audio/live/soundFigures';
import type { AudioState, SpeakerStatistics } from '@rookery/client/engine/audioState';
import type { DiagnosticsSample } from '@rookery/client/engine/diagnostics';
import type { ClientState } from '@rookery/client/host/clientState';
import type { VoiceCounters } from '@rookery/client/engine/voiceCounters';

/** In the order in which they are listed. Their words are `developer.figure.ID`. */
export const figureIds = [
  'pingControl',
  'pingVoice',
  'loss',
  'fec',
  'plc',
  'jitter',
  'depth',
  'delay',
  'bitrateIn',
  'bitrateOut',
  'packetsIn',
  'packetsOut',
  'drops',
  'underruns',
  'ringMicrophone',
  'ringHeadphones',
  'ringReceived',
  'ringCaptured',
  'loopDelay',
  'loopBusy',
  'captureBusy',
  'playbackBusy',
  'cpu',
  'heap',
  'resident',
] as const;

export type FigureId = (typeof figureIds)[number];

/** What each is counted in, as it is written behind the number. */
export const figureUnits: Readonly<Record<FigureId, string>> = {
  pingControl: 'ms',
  pingVoice: 'ms',
  loss: '%',
  fec: '/s',
  plc: '/s',
  jitter: 'ms',
  depth: 'ms',
  delay: 'ms',
  bitrateIn: 'kb/s',
  bitrateOut: 'kb/s',
  packetsIn: '/s',
  packetsOut: '/s',
  drops: '/s',
  underruns: '/s',
  ringMicrophone: 'ms',
  ringHeadphones: 'ms',
  ringReceived: '%',
  ringCaptured: '%',
  loopDelay: 'ms',
  loopBusy: '%',
  captureBusy: '%',
  playbackBusy: '%',
  cpu: '%',
  heap: 'MB',
  resident: 'MB',
};

/** null: not known at this moment. */
export type Figures = Readonly<Record<FigureId, number | null>>;

/** How one speaker is heard. */
export interface SpeakerFigures {
  readonly token: number;
  readonly isTalking: boolean;
  readonly levelDbfs: number;
  readonly depthMs: number;
  readonly jitterMs: number;
  readonly delayMs: number;
  /** Share of the sound that was lost or late, of the last two seconds. */
  readonly lossPct: number;
  readonly kbps: number;
  /** So far. */
  readonly framesRecovered: number;
  readonly framesConcealed: number;
  readonly framesLate: number;
}

/** What the state says at one moment, kept as it was. */
export interface Reading {
  readonly diagnostics: DiagnosticsSample;
  readonly voiceRoundTripMs: number | null;
  readonly capture: AudioState['capture'];
  readonly playback: AudioState['playback'];
  readonly speakers: ReadonlyMap<number, SpeakerReading>;
}

export interface SpeakerReading extends SpeakerStatistics {
  /** Length of his frames. */
  readonly frameMs: number;
}

/** Counts of one speaker at one moment. */
export type CountedSound = Pick<
  SpeakerReading,
  'framesPlayed' | 'framesRecovered' | 'framesConcealed' | 'frameMs'
>;

/** A guessed frame counts in steps of so many milliseconds. */
const concealedMs = 10;
/** As rooms have it that say nothing else. */
const usualFrameMs = 20;
const bytesPerMb = 1_024 * 1_024;

/** @returns null while nobody has asked the engine for figures */
export function readingOf({
  diagnostics,
  voice,
  audio,
  sessions,
  rooms,
}: ClientState): Reading | null {
  if (diagnostics === null) return null;
  const speakers = speakersOf({ audio, sessions, rooms });
  return {
    diagnostics: copied(diagnostics),
    voiceRoundTripMs: voice.phase === 'open' ? voice.roundTripMs : null,
    capture: { ...audio.capture },
    playback: { ...audio.playback },
    speakers,
  };
}

/** Everybody who was heard, as they are now: later changes do not change these. */
export function speakersOf({
  audio,
  sessions,
  rooms,
}: Pick<ClientState, 'audio' | 'sessions' | 'rooms'>): Map<number, SpeakerReading> {
  return new Map(
    [...audio.speakers].map(([token, statistics]) => {
      const roomId = sessions.get(token)?.roomId ?? null;
      const frameMs = (roomId && rooms.get(roomId)?.frameMs) || usualFrameMs;
      return [token, { ...statistics, frameMs }];
    }),
  );
}

/** The window's state changes in place: what is kept of it is a copy, with all that is in it. */
function copied<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, copied<unknown>(inner)]);
  return Object.fromEntries(entries) as T;
}

/** What happened between two readings of one engine, and how it stands at the later one. Pure. */
export function figuresBetween(before: Reading, now: Reading): Figures {
  const seconds = (now.diagnostics.atMs - before.diagnostics.atMs) / 1_000;
  const per = (count: (reading: Reading) => number): number | null =>
    seconds > 0 ? grown(count(before), count(now)) / seconds : null;
  const { diagnostics } = now;
  const { voice, sound } = diagnostics;
  const heard = [...speakersBetween(before, now).values()].filter(({ isTalking }) => isTalking);
  const ofVoice = (name: keyof VoiceCounters): number | null =>
    voice && per((reading) => reading.diagnostics.voice?.[name] ?? 0);
  const busyPct = (name: 'captureBusyUs' | 'playbackBusyUs'): number | null =>
    sound && tenThousandth(per((reading) => reading.diagnostics.sound?.[name] ?? 0));
  return {
    pingControl: diagnostics.controlRoundTripMs || null,
    pingVoice: now.voiceRoundTripMs,
    loss: lossBetween(before.speakers, now.speakers),
    fec: per(({ speakers }) => total(speakers, 'framesRecovered')),
    plc: per(({ speakers }) => total(speakers, 'framesConcealed')),
    jitter: highest(heard, 'jitterMs'),
    depth: highest(heard, 'depthMs'),
    delay: highest(heard, 'delayMs'),
    bitrateIn: kilobits(ofVoice('bytesReceived')),
    bitrateOut: kilobits(ofVoice('bytesSent')),
    packetsIn: ofVoice('framesReceived'),
    packetsOut: ofVoice('framesSent'),
    drops: per(dropsOf),
    underruns: per(({ playback }) => playback.underruns),
    ringMicrophone: sound?.rings.microphone?.heldMs ?? null,
    ringHeadphones: sound?.rings.headphones?.heldMs ?? null,
    ringReceived: fillPct(sound?.rings.received),
    ringCaptured: fillPct(sound?.rings.captured),
    loopDelay: diagnostics.loop.delayP99Ms,
    loopBusy: diagnostics.loop.busyPct,
    captureBusy: busyPct('captureBusyUs'),
    playbackBusy: busyPct('playbackBusyUs'),
    cpu: diagnostics.process.cpuPct,
    heap: diagnostics.process.heapUsedBytes / bytesPerMb,
    resident: diagnostics.process.residentBytes / bytesPerMb,
  };
}

/** The same of everybody who was heard, by session token. Pure. */
export function speakersBetween(
  before: Reading,
  now: Reading,
): ReadonlyMap<number, SpeakerFigures> {
  const seconds = (now.diagnostics.atMs - before.diagnostics.atMs) / 1_000;
  return new Map(
    [...now.speakers].map(([token, speaker]) => {
      const { lostMs, soundMs } = soundSince(before.speakers.get(token), speaker);
      const bytes = grown(before.speakers.get(token)?.payloadBytes ?? 0, speaker.payloadBytes);
      const { isTalking, levelDbfs, depthMs, jitterMs, delayMs } = speaker;
      const { framesRecovered, framesConcealed, framesLate } = speaker;
      const counts = { framesRecovered, framesConcealed, framesLate };
      const lossPct = soundMs > 0 ? (100 * lostMs) / soundMs : 0;
      const kbps = seconds > 0 ? (bytes * 8) / 1_000 / seconds : 0;
      const state = { isTalking, levelDbfs, depthMs, jitterMs, delayMs };
      return [token, { token, ...state, lossPct, kbps, ...counts }];
    }),
  );
}

/**
 * Share of all sound that was lost on the way, also where it was brought back: 0 … 100; null where
 * nobody was to be heard. Pure.
 */
export function lossBetween(
  before: ReadonlyMap<number, CountedSound>,
  now: ReadonlyMap<number, CountedSound>,
): number | null {
  let [lost, sound] = [0, 0];
  for (const [token, speaker] of now) {
    const { lostMs, soundMs } = soundSince(before.get(token), speaker);
    lost += lostMs;
    sound += soundMs;
  }
  return sound > 0 ? (100 * lost) / sound : null;
}

/** What of a speaker's sound was lost on the way, also where it was brought back. Pure. */
function soundSince(
  before: CountedSound | undefined,
  now: CountedSound,
): { readonly lostMs: number; readonly soundMs: number } {
  const since = (name: 'framesPlayed' | 'framesRecovered' | 'framesConcealed'): number =>
    grown(before?.[name] ?? now[name], now[name]);
  const lostMs = since('framesRecovered') * now.frameMs + since('framesConcealed') * concealedMs;
  return { lostMs, soundMs: lostMs + since('framesPlayed') * now.frameMs };
}

/** Everything that was to be sent or heard and was not, whatever the reason. */
function dropsOf({ diagnostics: { voice, sound }, capture }: Reading): number {
  const ofVoice =
    voice === null
      ? 0
      : voice.unsentDisconnected +
        voice.unsentOversized +
        voice.unsentDatagrams +
        voice.droppedForeign +
        voice.droppedMalformed +
        voice.droppedKind +
        voice.droppedHopTag +
        voice.droppedUnknownEpoch +
        voice.droppedFalseSeal;
  const ofSound = sound === null ? 0 : sound.packetsUnknown + sound.packetsDropped;
  return ofVoice + ofSound + capture.framesDropped;
}

/** Counts begin anew with a new connection; what was before then says nothing. */
function grown(before: number, now: number): number {
  return now >= before ? now - before : 0;
}

function total(speakers: Reading['speakers'], name: 'framesRecovered' | 'framesConcealed'): number {
  let sum = 0;
  for (const speaker of speakers.values()) sum += speaker[name];
  return sum;
}

function highest(
  speakers: readonly SpeakerFigures[],
  name: 'jitterMs' | 'depthMs' | 'delayMs',
): number | null {
  return speakers.length === 0 ? null : Math.max(...speakers.map((speaker) => speaker[name]));
}

function kilobits(bytesPerS: number | null): number | null {
  return bytesPerS === null ? null : (bytesPerS * 8) / 1_000;
}

/** Microseconds a second as percent. */
function tenThousandth(value: number | null): number | null {
  return value === null ? null : value / 10_000;
}

function fillPct(ring: RingFill | null | undefined): number | null {
  return ring ? (100 * ring.usedBytes) / ring.capacityBytes : null;
}
