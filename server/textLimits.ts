/** Bounds of what is written. What one message may hold is in `fieldLimits` (protocol.ts). */
export interface TextLimits {
  /** Text of one page of history; a page ends before, but for its first message. */
  readonly pageTextBytesMax: number;
}

/** Part of `controlLimits`, where its relations to the others are asserted. */
export const textLimits: TextLimits = {
  pageTextBytesMax: 262_144,
};
