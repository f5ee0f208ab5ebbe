import type { InvitedRole, InviteInfo, Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import { readRole, writeRole } from './roles.js';
import type { Tables } from './tables.js';

/** Everything that is kept of an invitation; its id is made from its code, which is not kept. */
export type InviteRecord = Omit<InviteInfo, 'inviteId'>;

const version = 1;

export function encodeInvite(invite: InviteRecord): Uint8Array {
  return writeRole(new RecordWriter(version), invite.role)
    .u32(invite.usesMax)
    .u32(invite.uses)
    .time(invite.createdMs)
    .time(invite.expiresMs)
    .uuid(invite.createdBy)
    .text(invite.note)
    .finish();
}

/** @throws ServerError `unusableData` */
export function decodeInvite(bytes: Uint8Array): InviteRecord {
  const reader = new RecordReader('an invitation', bytes, version);
  const invite = {
    role: readInvitedRole(reader),
    usesMax: reader.u32(),
    uses: reader.u32(),
    createdMs: reader.time(),
    expiresMs: reader.time(),
    createdBy: reader.uuid(),
    note: reader.text(),
  };
  reader.finish();
  return invite;
}

/** Invitations by id. Writes throw as those of messages.ts do. */
export class Invites {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(inviteId: Uuid): InviteRecord | null {
    const bytes = this.#tables.get('invites', idKey(inviteId));
    return bytes === null ? null : decodeInvite(bytes);
  }

  /** All of them, in no order that means anything. */
  list(): InviteInfo[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read({ table: 'invites', order: 'ascending', ...range }, (key, value) => {
      return { inviteId: uuidFromBytes(key), ...decodeInvite(value) };
    });
  }

  async put(inviteId: Uuid, invite: InviteRecord): Promise<void> {
    const value = encodeInvite(invite);
    await this.#tables.commit([{ table: 'invites', key: idKey(inviteId), value }]);
  }

  async remove(inviteIds: readonly Uuid[]): Promise<void> {
    const writes = inviteIds.map(
      (id) => ({ table: 'invites', key: idKey(id), value: null }) as const,
    );
    await this.#tables.commit(writes);
  }
}

function readInvitedRole(reader: RecordReader): InvitedRole {
  const role = readRole(reader);
  if (role === 'guest' || role === 'owner') throw reader.damaged(`makes somebody ${role}`);
  return role;
}
