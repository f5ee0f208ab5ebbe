import type { TalkInfo } from '@rookery/schemas/messages';
import type { Engine } from '../engine/engine.js';
import { talkName } from '../engine/talks.js';

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
