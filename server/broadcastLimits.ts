/** Bounds of what is told to many. */
export interface BroadcastLimits {
  /** Changes in one StateUpdate or MembersUpdate; more are sent in several. */
  readonly changesPerUpdateMax: number;
  /** With so many sessions everybody is told of all members; with more, of their own rooms'. */
  readonly membersForAllMax: number;
  /** A flush waits so long for each frame of the one before, five times what it costs to send … */
  readonly flushWaitMsPerFrame: number;
  /** … and at most so long: nobody notices, and a storm is told in few pieces. */
  readonly flushWaitMsMax: number;
  /** Counts go to everybody. They wait so long for each, fifty times what it costs to send … */
  readonly countsWaitMsPerSession: number;
  /** … and at most so long. */
  readonly countsWaitMsMax: number;
  /** How long speakers still seal with the key before: every member has the new one by then. */
  readonly roomKeyOverlapMs: number;
}

/** Part of `controlLimits`, where its relations to the others are asserted. */
export const broadcastLimits: BroadcastLimits = {
  changesPerUpdateMax: 4_096,
  membersForAllMax: 200,
  flushWaitMsPerFrame: 0.05,
  flushWaitMsMax: 50,
  countsWaitMsPerSession: 0.5,
  countsWaitMsMax: 5_000,
  roomKeyOverlapMs: 200,
};
