import type { State } from '../engine/engineState.js';
import { recordersOf } from '../engine/recorders.js';
import { ViewGlance } from '../engine/view.js';
import type { Output } from './output.js';

/** Says who begins and who ends recording what is said where one is. */
export class RecordingTeller {
  private told: ReadonlyMap<number, string> = new Map();
  private calls: State['calls'] | null = null;
  private readonly glance = new ViewGlance();

  constructor(private readonly output: Pick<Output, 'progress'>) {}

  /** To be called with every State. While the connection is lost nothing is known, nor told. */
  follow(state: State): void {
    if (state.connection.phase !== 'connected') return;
    const hasViewChanged = this.glance.hasChanged(state.view);
    if (!hasViewChanged && state.calls === this.calls) return;
    this.calls = state.calls;
    const before = this.told;
    this.told = recordersOf(state);
    for (const [sessionToken, displayName] of this.told) {
      if (before.has(sessionToken)) continue;
      const event = { event: 'recordingStarted', sessionToken, displayName };
      this.output.progress(event, `${displayName} records what is said here`);
    }
    for (const [sessionToken, displayName] of before) {
      if (this.told.has(sessionToken)) continue;
      const event = { event: 'recordingEnded', sessionToken, displayName };
      this.output.progress(event, `${displayName} does not record here any more`);
    }
  }
}
