import type { CopiesState } from '../engine/audio/tools/soundCopies.js';
import { nothingWritten, type WritingState } from '../engine/audio/tools/writingState.js';
import type { Output } from './output.js';

/** Tells where dump and recording go as they begin, and what came of them as they end. */
export class CopyTeller {
  private last: CopiesState = { dump: nothingWritten, recording: nothingWritten };

  constructor(private readonly output: Pick<Output, 'progress'>) {}

  /** To be called with every State. */
  follow({ dump, recording }: CopiesState): void {
    const { last } = this;
    this.last = { dump, recording };
    this.tell('dump', dump, last.dump);
    this.tell('recording', recording, last.recording);
  }

  private tell(what: keyof CopiesState, now: WritingState, before: WritingState): void {
    const { phase, path, summary, problem } = now;
    if (phase === before.phase) return;
    if (phase === 'writing') {
      const seen = what === 'recording' ? '; others are shown that you record' : '';
      this.output.progress({ event: `${what}Begun`, path }, `${what} to ${path}${seen}`);
    } else if (phase === 'off' && (summary !== null || problem !== null)) {
      const event = { event: `${what}Ended`, path, ...summary, problem };
      this.output.progress(event, `${what} to ${path}: ${wordsOfEnd(now)}`);
    }
  }
}

/** What a dump or a recording that is over came to. */
function wordsOfEnd({ summary, problem }: WritingState): string {
  const missing = summary?.dropped ? `, ${summary.dropped} pieces are missing` : '';
  const length = summary === null ? '' : `${summary.seconds.toFixed(1)} s${missing}`;
  return [problem?.message ?? '', length].filter(Boolean).join('; ');
}
