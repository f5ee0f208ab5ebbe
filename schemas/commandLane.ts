import { StreamKind, StreamUrgency } from './protocol.js';

/** The stream of the client on which a command travels. Only within one is the order kept. */
export type CommandLane = 'commands' | 'acks' | 'bulk';

export const commandLanes: readonly CommandLane[] = ['commands', 'acks', 'bulk'];

/** First byte and urgency of the stream of each lane. */
export const laneStreams = {
  commands: { kind: StreamKind.Commands, urgency: StreamUrgency.Commands },
  acks: { kind: StreamKind.Acks, urgency: StreamUrgency.Acks },
  bulk: { kind: StreamKind.Bulk, urgency: StreamUrgency.Bulk },
} as const satisfies Record<CommandLane, { kind: StreamKind; urgency: number }>;

/**
 * The lane of a command follows from the range of its type (frameType.ts): what people wait for
 * stands behind no acknowledgements, and neither of them behind a file.
 *
 * @param type of a command; control messages have a stream of their own
 */
export function laneOf(type: number): CommandLane {
  if (type >= 0x60 && type <= 0x6f) return 'acks';
  if (type >= 0x70 && type <= 0x7f) return 'bulk';
  return 'commands';
}
