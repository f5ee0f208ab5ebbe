import { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { EngineFault } from '@rookery/client/engine/engineState';
import type { ShownServer } from '@rookery/client/host/serverDesk';

/** What is known of a server that one looks at. */
export type CardState =
  | { readonly phase: 'asking' }
  | { readonly phase: 'seen'; readonly server: ShownServer }
  | { readonly phase: 'fault'; readonly fault: EngineFault };

/** One word about a server; its text is `card.KEY`. */
export interface CardNote {
  readonly key:
    | 'asking'
    | 'members'
    | 'ping'
    | 'password'
    | 'invitation'
    | 'approval'
    | 'full'
    | 'hidden'
    | 'unreachable'
    | 'changed'
    | 'version'
    | 'key';
  readonly values?: Readonly<Record<string, string | number>>;
  readonly tone?: 'warn' | 'stop';
}

/** What a line about a server says, the most important first. */
export function cardNotes(state: CardState): readonly CardNote[] {
  if (state.phase === 'asking') return [{ key: 'asking' }];
  if (state.phase === 'fault') return [{ key: 'unreachable', tone: 'warn' }];
  const { card, roundTripMs, pin } = state.server;
  const ping: CardNote = { key: 'ping', values: { ms: Math.max(1, Math.round(roundTripMs)) } };
  const changed: CardNote[] = pin === 'changed' ? [{ key: 'changed', tone: 'stop' }] : [];
  if (card === null) return [...changed, { key: 'hidden' }, ping];
  const { members, membersMax: max } = card;
  return [
    ...changed,
    members >= max ? { key: 'full', tone: 'warn' } : { key: 'members', values: { members, max } },
    ping,
    ...wantedOf(card),
  ];
}

/** What only who looks closer wants to know. */
export function closerNotes(state: CardState | undefined): readonly CardNote[] {
  if (state?.phase !== 'seen') return [];
  const { card, fingerprint } = state.server;
  const key: CardNote = { key: 'key', values: { start: fingerprint.slice(0, 11) } };
  return card === null ? [key] : [{ key: 'version', values: { version: card.version } }, key];
}

function wantedOf({
  passwordRequired,
  registration,
}: NonNullable<ShownServer['card']>): readonly CardNote[] {
  if (passwordRequired) return [{ key: 'password' }];
  if (registration === Registration.Invitation) return [{ key: 'invitation' }];
  return registration === Registration.Approval ? [{ key: 'approval' }] : [];
}
