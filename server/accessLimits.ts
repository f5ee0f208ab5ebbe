/** Bounds of what says who may do what; those of one room or message stand in `fieldLimits`. */
export interface AccessLimits {
  /** Groups of the server and of all rooms. */
  readonly groupsMax: number;
  /** Their members, added up. */
  readonly groupMembersMax: number;
}

export const accessLimits: AccessLimits = {
  groupsMax: 1_024,
  groupMembersMax: 65_536,
};
