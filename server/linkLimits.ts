/** Bounds of who hears whom beyond the own room. */
export interface LinkLimits {
  /** Rooms that are heard together: each has a key, which all who hear them are given. */
  readonly linkedRoomsMax: number;
  /** Links on the whole server: what they add to everybody's tree. */
  readonly linksMax: number;
  /** Rooms that sessions listen to, added up: a place in a receiver list each. */
  readonly listeningsMax: number;
}

/** Part of the limits of the state, where its relations to the others are asserted. */
export const linkLimits: LinkLimits = {
  linkedRoomsMax: 32,
  linksMax: 4_096,
  listeningsMax: 20_000,
};
