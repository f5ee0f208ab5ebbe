import type { Uuid } from '@rookery/schemas/messages';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Finds somebody who is or was on the server, by name or by user id.
 *
 * @throws ClientError `invalidInput` where nobody is called so, or several people are.
 */
export async function findUser(engine: Engine, nameOrId: string): Promise<Uuid> {
  if (uuidForm.test(nameOrId)) return nameOrId;
  const users = await engine.talks.findUsers(nameOrId);
  const [first] = users;
  if (first === undefined) {
    throw new ClientError('invalidInput', `nobody called "${nameOrId}" was ever here`);
  }
  if (users.length === 1) return first.userId;
  // Whoever of them it is not must not read it.
  const list = users.map(({ userId, displayName, online }) => {
    return `${displayName} ${userId}${online ? ' (is here)' : ''}`;
  });
  throw new ClientError(
    'invalidInput',
    `${users.length} people are called "${nameOrId}"; give the id of one: ${list.join(', ')}`,
  );
}
