import type { FoundUser, Uuid } from '@rookery/schemas/messages';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Finds somebody who is or was on the server, by name or by user id.
 *
 * @throws ClientError `invalidInput` where nobody is called so, or several people are.
 */
export async function findUser(engine: Pick<Engine, 'talks'>, nameOrId: string): Promise<Uuid> {
  if (uuidForm.test(nameOrId)) return nameOrId;
  return onlyOne(nameOrId, await engine.talks.findUsers(nameOrId));
}

/**
 * As findUser(), but of several people those who are here now are meant before others.
 *
 * @throws as findUser()
 */
export async function findUserHere(engine: Pick<Engine, 'talks'>, nameOrId: string): Promise<Uuid> {
  if (uuidForm.test(nameOrId)) return nameOrId;
  const users = await engine.talks.findUsers(nameOrId);
  const here = users.filter(({ online }) => online);
  return onlyOne(nameOrId, here.length > 0 ? here : users);
}

function onlyOne(name: string, users: readonly FoundUser[]): Uuid {
  const [first] = users;
  if (first === undefined) {
    throw new ClientError('invalidInput', `nobody called "${name}" was ever here`);
  }
  if (users.length === 1) return first.userId;
  // Whoever of them it is not must not read or hear it.
  const list = users.map(({ userId, displayName, online }) => {
    return `${displayName} ${userId}${online ? ' (is here)' : ''}`;
  });
  throw new ClientError(
    'invalidInput',
    `${users.length} people are called "${name}"; give the id of one: ${list.join(', ')}`,
  );
}
