/** From the lowest to the highest, as in docs/permissions.md. Everybody has exactly one. */
export const roles = ['guest', 'member', 'moderator', 'admin', 'owner'] as const;

export type Role = (typeof roles)[number];

/** Whether a role is the required one, or above it. */
export function isAtLeast(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required);
}
