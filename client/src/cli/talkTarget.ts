import type { TalkInfo } from '@rookery/schemas/messages';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import { talkName } from '../engine/talkName.js';

/** The own talks with this name or id; several may have one name. */
export function talksCalled(engine: Engine, nameOrId: string): readonly TalkInfo[] {
  return engine.state.talks.filter(
    (talk) => talk.talkId === nameOrId || nameOfTalk(engine, talk) === nameOrId,
  );
}

/** What a talk is called for the own user: its name, or who else takes part. */
export function nameOfTalk({ state }: Engine, talk: TalkInfo): string {
  const { connection } = state;
  return talkName(talk, connection.phase === 'connected' ? connection.userId : '');
}

/**
 * The one own talk with this name or id.
 *
 * @throws ClientError `noSuchRoom`, or `invalidInput` where several are called so.
 */
export function requireTalk(engine: Engine, nameOrId: string): TalkInfo {
  const found = talksCalled(engine, nameOrId);
  const [first] = found;
  if (first === undefined) {
    throw new ClientError('noSuchRoom', `you have no talk "${nameOrId}"; see rookery talks`);
  }
  if (found.length === 1) return first;
  const ids = found.map(({ talkId }) => talkId).join(', ');
  throw new ClientError('invalidInput', `${found.length} talks are called so: ${ids}`);
}
