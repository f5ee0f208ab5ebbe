/** Bounds of whisper lists. */
export interface WhisperLimits {
  readonly listsPerSessionMax: number;
  /** Over all sessions. */
  readonly listsMax: number;
  /** Who hears the lists of one session, added up: everybody once, and some more. */
  readonly receiversPerSessionMax: number;
  /** The same over all sessions: as many keys may have to be sent when one listener leaves. */
  readonly receiversMax: number;
  /** Users whom all lists name, added up: absent ones, whom receivers do not bound, too. */
  readonly namedUsersMax: number;
}

/** Part of `controlLimits`, where its relations to the others are asserted. */
export const whisperLimits: WhisperLimits = {
  listsPerSessionMax: 30,
  listsMax: 8_192,
  receiversPerSessionMax: 16_384,
  receiversMax: 65_536,
  namedUsersMax: 65_536,
};
