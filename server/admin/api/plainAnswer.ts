import type { Message } from '@rookery/schemas/messages';
import { namesIn, type PermissionSet } from '@rookery/schemas/permissions';

/** Fields of messages that are sets of permissions, or lists of such sets. */
const permissionFields = ['grants', 'denies'];

/** An answer of the protocol as JSON: permissions by name, bytes in base64url, without its type. */
export function plainAnswer(answer: Message): object {
  return { ...(plain(answer) as object), type: undefined };
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, field]) => [
    name,
    permissionFields.includes(name) ? permissionNames(field as PermissionField) : plain(field),
  ]);
  return Object.fromEntries(entries) as object;
}

type PermissionField = PermissionSet | readonly PermissionSet[];

function permissionNames(field: PermissionField): unknown {
  return typeof field === 'number' ? namesIn(field) : field.map((set) => namesIn(set));
}
