import { defaultRoom } from '@rookery/schemas/protocol';
import { reportedSpeakersMax, type SpeakerLoss } from '@rookery/schemas/signalDatagram';
import type { SpeakerStatistics } from '../../audioState.js';
import type { State } from '../../engineState.js';

/** Between two reports. */
const reportEveryMs = 5_000;
/** Of less sound a share says little: it is reported together with what follows. */
const reportedMsMin = 1_000;
/** Of a concealed frame. */
const concealedMs = 10;

type Counts = Pick<SpeakerStatistics, 'framesPlayed' | 'framesRecovered' | 'framesConcealed'>;

const nothingCounted: Counts = { framesPlayed: 0, framesRecovered: 0, framesConcealed: 0 };

/**
 * How much of each voice that is heard got lost, for the server to tell those who speak. A frame
 * that came too late to be played is as good as lost. Time is passed in; pure but for `send`.
 */
export class LossReporter {
  /** What was reported, by session token. */
  private readonly reported = new Map<number, Counts>();
  private dueAtMs = -Infinity;

  /** @param send takes 1 … `reportedSpeakersMax` losses; best effort */
  constructor(private readonly send: (losses: readonly SpeakerLoss[]) => void) {}

  /** To be called often. Sends nothing while nobody talks. */
  follow(state: State, nowMs: number): void {
    if (nowMs < this.dueAtMs) return;
    const { speakers } = state.audio;
    for (const token of this.reported.keys()) {
      if (!speakers.has(token)) this.reported.delete(token);
    }
    const news = [...speakers]
      .map(([token, counts]) => ({ token, counts, ...this.soundSince(state, token, counts) }))
      .filter(({ soundMs }) => soundMs >= reportedMsMin)
      // Who finds no place has more to be told of the next time.
      .sort((one, other) => other.soundMs - one.soundMs)
      .slice(0, reportedSpeakersMax);
    if (news.length === 0) return;
    this.dueAtMs = nowMs + reportEveryMs;
    for (const { token, counts } of news) this.reported.set(token, counts);
    this.send(
      news.map(({ token, soundMs, lostMs }) => [token, Math.round((100 * lostMs) / soundMs)]),
    );
  }

  private soundSince(
    state: State,
    token: number,
    now: Counts,
  ): { readonly soundMs: number; readonly lostMs: number } {
    const last = this.reported.get(token) ?? nothingCounted;
    // Whoever plays is another one, and has counted from nothing.
    const before = now.framesPlayed < last.framesPlayed ? nothingCounted : last;
    const frameMs = frameMsOf(state, token);
    const recovered = now.framesRecovered - before.framesRecovered;
    const concealed = now.framesConcealed - before.framesConcealed;
    const lostMs = Math.max(0, recovered * frameMs + concealed * concealedMs);
    return { lostMs, soundMs: lostMs + (now.framesPlayed - before.framesPlayed) * frameMs };
  }
}

/** As the speaker's room says; calls are as new rooms are. */
function frameMsOf({ view }: State, token: number): number {
  const roomId = view.sessions.get(token)?.roomId ?? null;
  const room = roomId === null ? undefined : view.rooms.get(roomId);
  return room?.frameMs ?? defaultRoom.frameMs;
}
