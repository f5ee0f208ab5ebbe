import { FrameReader } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage } from '@rookery/schemas/messageCodec';
import type { Resync, Uuid, ViewMessage } from '@rookery/schemas/messages';
import { framePayloadBytesMax } from '@rookery/schemas/protocol';
import {
  memberElementHash,
  membersElementHash,
  PartHash,
  roomElementHash,
} from '@rookery/schemas/stateHash';
import { isViewMessage, SyncedView } from '@rookery/schemas/syncedView';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { Listener } from '../broadcast/publisher.js';
import type { ModelState } from './modelState.js';

/** A client of a publisher that looks at its view alone, and sometimes mishears. */
export class Viewer implements Listener {
  readonly view = new SyncedView();
  subscribed: readonly Uuid[] = [];
  readonly #reader = new FrameReader(framePayloadBytesMax.fromServer);

  /**
   * @param damage gives a message as it arrives; the same where nothing happened to it
   * @param onResync what the viewer asks for because of what it heard
   */
  constructor(
    readonly damage: (message: ViewMessage) => ViewMessage,
    readonly onResync: (asked: Resync) => void,
  ) {}

  sendRoom(): void {
    // Text is no part of the view.
  }

  sendView(frame: Uint8Array): void {
    this.#reader.push(frame);
    for (let next = this.#reader.next(); next !== null; next = this.#reader.next()) {
      const { message, stateHash } = decodeMessage(next.type, next.payload);
      if (!isViewMessage(message)) continue;
      const asked = this.view.apply(this.damage(message), stateHash);
      if (asked !== null) this.onResync(asked);
    }
  }
}

/** An increment with one change lost or with another value; anything else as it is. */
export function damageIncrement(random: SeededRandom, message: ViewMessage): ViewMessage {
  if (message.type === FrameType.MembersUpdate && message.changes.length > 0) {
    const changes = [...message.changes];
    const at = random.below(changes.length);
    const change = changes[at]!;
    if (change.kind === 'sessionPut' && random.chance(0.5)) {
      const session = { ...change.session, muted: !change.session.muted };
      changes[at] = { kind: 'sessionPut', session };
    } else {
      changes.splice(at, 1);
    }
    return { ...message, changes };
  }
  if (message.type === FrameType.StateUpdate && message.changes.length > 0) {
    const changes = [...message.changes];
    changes.splice(random.below(changes.length), 1);
    return { ...message, changes };
  }
  return message;
}

/** What a view must be, written as plainly as can be. */
export function expectedView(model: ModelState, token: number, scope: ReadonlySet<Uuid> | 'all') {
  const parts = scope === 'all' ? [null, ...model.rooms.keys()] : [...scope];
  return {
    rooms: Object.fromEntries(model.rooms),
    counts: Object.fromEntries([...model.rooms.keys()].map((id) => [id, model.members(id).length])),
    own: model.sessions.get(token),
    members: parts.map((id) => [id, model.members(id).map((each) => model.sessions.get(each))]),
    // Of a room that is shown with nobody in it, and of one that is not shown.
    others: [...model.rooms.keys()].filter((id) => scope !== 'all' && !scope.has(id)),
    hash: naiveHash(model, parts),
  };
}

/** The same of a view. */
export function shownView(view: SyncedView, scope: ReadonlySet<Uuid> | 'all') {
  const parts = scope === 'all' ? [null, ...view.rooms.keys()] : [...scope];
  const idsInOrder = [...view.rooms.keys()];
  return {
    rooms: Object.fromEntries(view.rooms),
    counts: Object.fromEntries(idsInOrder.map((id) => [id, view.countOf(id)])),
    own: view.own ?? undefined,
    members: parts.map((id) => {
      const members = [...(view.membersOf(id) ?? [])];
      // As strings, which is how the model sorts.
      members.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
      return [id, members.map(([, session]) => session)];
    }),
    others: idsInOrder.filter((id) => view.membersOf(id) === null),
    hash: numberOf(view.hash()),
  };
}

/** The hash of a view by its definition, summed up from nothing. */
export function naiveHash(model: ModelState, parts: readonly (Uuid | null)[]): bigint {
  const elements: bigint[] = [];
  for (const [id, room] of model.rooms) {
    elements.push(elementOf(roomElementHash(room, model.members(id).length)));
  }
  for (const id of parts) {
    const members = model.members(id).map((token) => model.sessions.get(token)!);
    if (members.length === 0) continue;
    const part = new PartHash<number>();
    for (const session of members) part.set(session.sessionToken, memberElementHash(session));
    elements.push(elementOf(membersElementHash(id, part.value())));
  }
  return elements.reduce((sum, element) => sum + element, 0n) % 2n ** 256n;
}

/** The number of which a hash is the little-endian form. */
export function numberOf(hash: Uint8Array): bigint {
  return hash.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function elementOf(words: Uint32Array): bigint {
  return words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
}
