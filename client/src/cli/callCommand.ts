import { enterCall } from './callPlace.js';
import { CallTeller } from './callTeller.js';
import type { Output } from './output.js';
import { runSession, untilStopped, type Session, type SessionOptions } from './session.js';
import { requireTalk } from './talkTarget.js';

/** Goes into a call without sound, and tells who comes and goes until the user ends it. */
export async function callTalk(
  options: SessionOptions,
  nameOrId: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async (session) => {
    await enterCall(session, nameOrId);
    await tellCalls(session, 'inCall');
  });
}

/** Tells of the calls of all talks until the user ends it. */
export async function watchCalls(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, async (session) => {
    output.progress({ event: 'watching' }, 'waiting for calls');
    await tellCalls(session, 'anywhere');
  });
}

/** Declines a call. @param nameOrId of its talk, where one has no other talk of that name. */
export async function declineCall(
  options: SessionOptions,
  nameOrId: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { talkId } = requireTalk(engine, nameOrId);
    await engine.talks.decline(talkId);
    output.result({ event: 'declined', talkId, with: nameOrId }, `declined ${nameOrId}`);
  });
}

async function tellCalls(session: Session, stays: 'inCall' | 'anywhere'): Promise<void> {
  const { engine, output } = session;
  const teller = new CallTeller(output);
  teller.follow(engine.state);
  const unsubscribe = engine.subscribe((state) => teller.follow(state));
  await untilStopped(session, undefined, stays).finally(unsubscribe);
}
