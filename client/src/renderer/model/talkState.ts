import type { AudioState } from '@rookery/client/engine/audioState';
import type { SessionInfo } from '@rookery/schemas/messages';

/** What is to be known first: whether one is heard and hears, and what keeps one from it. */
export type TalkState =
  | 'noRoom'
  | 'deafened'
  | 'deafenedByModerator'
  | 'mutedByModerator'
  | 'suppressed'
  | 'mayNotSpeak'
  | 'muted'
  | 'whispering'
  | 'whisperRefused'
  | 'transmitting'
  | 'idle';

export interface TalkFacts {
  readonly audio: Pick<AudioState, 'isDeafened' | 'isTransmitting' | 'settings'>;
  /** null while there is no session. */
  readonly own: SessionInfo | null;
  readonly isInCall: boolean;
  readonly isWhispering: boolean;
  readonly isWhisperRefused: boolean;
}

/** The first thing that holds, the one that matters most before the others. Pure. */
export function talkStateOf(facts: TalkFacts): TalkState {
  const { audio, own, isInCall } = facts;
  if (audio.isDeafened) return 'deafened';
  if (own?.deafenedByModerator === true) return 'deafenedByModerator';
  if (own?.mutedByModerator === true) return 'mutedByModerator';
  if (audio.settings.isMuted) return 'muted';
  if (facts.isWhispering) return facts.isWhisperRefused ? 'whisperRefused' : 'whispering';
  if (isInCall) return audio.isTransmitting ? 'transmitting' : 'idle';
  if (own === null || own.roomId === null) return 'noRoom';
  if (own.suppressedByModerator) return 'suppressed';
  if (own.suppressedByRules) return 'mayNotSpeak';
  return audio.isTransmitting ? 'transmitting' : 'idle';
}

/** What to listen for in one who is muted, and says something all the same. */
export interface SpokenFacts {
  readonly isMuted: boolean;
  /** 0 … 1. */
  readonly voiceProbability: number;
  readonly levelDbfs: number;
}

/** Quieter than this nobody speaks into a microphone. */
const speechDbfsMin = -45;
const speechProbabilityMin = 0.7;

/** Pure. */
export function speaksMuted({ isMuted, voiceProbability, levelDbfs }: SpokenFacts): boolean {
  return isMuted && voiceProbability >= speechProbabilityMin && levelDbfs >= speechDbfsMin;
}
