/** Bounds of what is kept for those who lost their connection. */
export interface ResumeLimits {
  /** A session without a connection keeps its place for so long. 0 ends it at once. */
  readonly graceMs: number;
  /** How long a ticket stands for the password. */
  readonly ticketValidMs: number;
}

/** Part of `controlLimits`. */
export const resumeLimits: ResumeLimits = {
  // A lift, a tunnel, a restart of a router's line; longer than a client takes between two tries.
  graceMs: 30_000,
  // Somebody who is there once a week is not asked again.
  ticketValidMs: 7 * 86_400_000,
};
