import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import { nameInTalk } from '../engine/calls.js';
import type { Output } from './output.js';
import { runSession, type SessionOptions } from './session.js';
import { nameOfTalk, requireTalk } from './talkTarget.js';
import { findUser } from './userTarget.js';

/** Prints the talks that one takes part in. */
export async function listTalks(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, ({ engine }) => {
    const { talks, calls } = engine.state;
    for (const talk of talks) {
      const { talkId, participants } = talk;
      const kind = talk.type === RoomType.Direct ? 'direct' : 'group';
      const name = nameOfTalk(engine, talk);
      const names = participants.map(({ displayName }) => displayName).join(', ');
      const inCall = calls.get(talkId)?.members.map(({ userId }) => userId) ?? [];
      const who = inCall.map((userId) => nameInTalk(engine.state, talkId, userId)).join(', ');
      const title = kind === 'direct' ? name : `${name} (${names})`;
      output.result(
        { event: 'talk', talkId, kind, name, participants, inCall },
        `${title}  ${talkId}${who === '' ? '' : `  in the call: ${who}`}`,
      );
    }
    return Promise.resolve();
  });
}

/** Makes a group talk. @param people names or user ids. */
export async function createTalk(
  options: SessionOptions,
  name: string,
  people: readonly string[],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const userIds = [];
    for (const person of people) userIds.push(await findUser(engine, person));
    const talkId = await engine.talks.create(name, userIds);
    output.result({ event: 'talkCreated', talkId, name }, `created ${name}  ${talkId}`);
  });
}

/** Leaves a group talk. @param nameOrId its name, where one has no other talk of that name. */
export async function leaveTalk(
  options: SessionOptions,
  nameOrId: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { talkId, name } = requireTalk(engine, nameOrId);
    await engine.talks.leave(talkId);
    output.result({ event: 'talkLeft', talkId, name }, `left ${name}`);
  });
}
