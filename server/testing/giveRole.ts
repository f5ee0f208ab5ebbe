import { mkdirSync } from 'node:fs';
import { userIdOf } from '@rookery/schemas/loginMessage';
import type { Role } from '@rookery/schemas/roles';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { openStore } from '../store/store.js';
import type { TestIdentity } from './testClient.js';

/** Gives somebody a role in a data directory of which no server runs. */
export async function giveRole(
  dataDirectory: string,
  { publicKey }: TestIdentity,
  role: Role,
): Promise<void> {
  mkdirSync(dataDirectory, { recursive: true });
  const log = pino({ level: 'silent' });
  const store = await openStore({ dataDirectory, limits: controlLimits.store, log });
  await store.roles.put(userIdOf(publicKey), role);
  await store.close();
}
