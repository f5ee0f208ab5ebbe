import type { Engine } from '../engine/engine.js';
import type { State } from '../engine/engineState.js';
import type { Output } from './output.js';

/** Tells of who types and who is away, as it changes: of use to programs, noise to people. */
export function followSignals(
  engine: Pick<Engine, 'state' | 'subscribe'>,
  output: Pick<Output, 'detail'>,
): void {
  let last = engine.state;
  engine.subscribe((state) => {
    if (state.typing !== last.typing) tellTyping(last, state, output);
    if (state.presence !== last.presence) tellPresence(last, state, output);
    last = state;
  });
}

function tellTyping(before: State, now: State, output: Pick<Output, 'detail'>): void {
  for (const roomId of new Set([...before.typing.keys(), ...now.typing.keys()])) {
    const userIds = now.typing.get(roomId) ?? [];
    const were = before.typing.get(roomId) ?? [];
    const isSame = userIds.length === were.length && userIds.every((id) => were.includes(id));
    if (!isSame) output.detail({ event: 'typing', roomId, userIds });
  }
}

function tellPresence(before: State, now: State, output: Pick<Output, 'detail'>): void {
  for (const sessionToken of new Set([...before.presence.keys(), ...now.presence.keys()])) {
    const status = now.presence.get(sessionToken) ?? 'online';
    if (status === (before.presence.get(sessionToken) ?? 'online')) continue;
    const { userId = null, displayName = null } = now.view.sessions.get(sessionToken) ?? {};
    output.detail({ event: 'presence', sessionToken, userId, displayName, status });
  }
}
