import type { SpeakerStatistics } from '@rookery/client/engine/audioState';

/** How long what was heard says something about how the connection is now. */
export const recentMs = 15_000;
/** As often as needed for the window to move smoothly. */
const stepMs = 1_000;

type Speakers = ReadonlyMap<number, SpeakerStatistics>;

/** What came of the packets of all speakers within the last 15 s; the State counts whole sessions. */
export class RecentSpeech {
  /** Oldest first. The first of them is what the window begins with. */
  private readonly kept: { readonly atMs: number; readonly speakers: Speakers }[] = [];

  /**
   * To be called with each change, and once there was none for `recentMs`.
   *
   * @param nowMs of a steady clock
   * @returns those who were heard in the window, with the counts of it
   */
  follow(nowMs: number, speakers: Speakers): readonly SpeakerStatistics[] {
    const last = this.kept.at(-1);
    if (last === undefined || nowMs - last.atMs >= stepMs)
      this.kept.push({ atMs: nowMs, speakers });
    while (this.kept.length > 1 && nowMs - this.kept[1]!.atMs >= recentMs) this.kept.shift();
    const before = this.kept[0]!.speakers;
    return [...speakers]
      .map(([token, now]) => since(now, before.get(token)))
      .filter(({ framesPlayed, framesConcealed }) => framesPlayed + framesConcealed > 0);
  }
}

function since(now: SpeakerStatistics, before: SpeakerStatistics | undefined): SpeakerStatistics {
  // Of another session the counts begin anew, and then all of them are of the window.
  if (before === undefined || before.framesPlayed > now.framesPlayed) return now;
  return {
    ...now,
    framesPlayed: now.framesPlayed - before.framesPlayed,
    framesConcealed: now.framesConcealed - before.framesConcealed,
  };
}
