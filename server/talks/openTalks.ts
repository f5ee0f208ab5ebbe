import { randomBytes } from 'node:crypto';
import type { Uuid } from '@rookery/schemas/messages';
import type { Publisher } from '../broadcast/publisher.js';
import type { ControlLimits } from '../limits.js';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { CommunityState } from '../state/communityState.js';
import type { Store } from '../store/store.js';
import { CallBook } from './callBook.js';
import { TalkBook } from './talkBook.js';

/** What talks and their calls need of the control plane. */
export interface TalkParts {
  readonly state: CommunityState;
  readonly voice: VoicePlane;
  readonly store: Store;
  readonly publisher: Publisher;
  readonly limits: Pick<ControlLimits, 'talks' | 'calls' | 'broadcast'>;
  /** The session of a user who is logged in. */
  readonly tokenOf: (userId: Uuid) => number | null;
  /** Called when something was sent outside of a QUIC event. */
  readonly wake: () => void;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** Opens the talks and their calls. */
export function openTalks(parts: TalkParts): { talks: TalkBook; calls: CallBook } {
  const { state, voice, store, publisher, limits, tokenOf, wake, nowMs, wallClockMs } = parts;
  const calls: CallBook = new CallBook({
    ...{ state, voice, talks: store.talks, limits: limits.calls, tokenOf, nowMs, wallClockMs },
    overlapMs: limits.broadcast.roomKeyOverlapMs,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    publish: (outcome) => publisher.publish(outcome),
    send: (tokens, message) => publisher.sendToSessions(tokens, message),
    scheduleFlush: () =>
      queueMicrotask(() => {
        calls.flush();
        wake();
      }),
  });
  const talks = new TalkBook({
    ...{ store, limits: limits.talks, tokenOf, wallClockMs },
    send: (tokens, message) => publisher.sendToSessions(tokens, message),
    sendText: (talkId, tokens, message) => publisher.sendToEach(talkId, tokens, message),
    onTalk: (talk) => calls.noteTalk(talk),
  });
  return { talks, calls };
}
