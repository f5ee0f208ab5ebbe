import type { EngineFault } from '../engine/engineState.js';
import type { Change } from './statePatch.js';

/** What a face (a window, a page) says to the engine's process. */
export type FaceMessage =
  | {
      readonly kind: 'call';
      readonly callId: number;
      /** As `RemoteCommands` names it, "group.method". */
      readonly command: string;
      readonly args: readonly unknown[];
    }
  /** What was told does not fit to what the face has. */
  | { readonly kind: 'tellAll' };

/**
 * What the engine's process says to a face. A state has a revision; changes make the revision
 * before theirs into theirs.
 */
export type EngineMessage =
  | { readonly kind: 'state'; readonly revision: number; readonly state: object }
  | { readonly kind: 'changes'; readonly revision: number; readonly changes: readonly Change[] }
  | { readonly kind: 'answer'; readonly callId: number; readonly result: unknown }
  | { readonly kind: 'fault'; readonly callId: number; readonly fault: EngineFault };

/** A way between a face and the engine's process: a MessagePort, or a WebSocket. */
export interface BridgePort<Sent, Received> {
  /** Never blocks. Messages arrive in order and copied, or the way is closed. */
  send(message: Sent): void;
  /** Whether so much waits to be sent that more would only become old. */
  readonly isBehind: boolean;
  /** Called for each message that comes; to be set once, at once. */
  onMessage: (message: Received) => void;
  /** Called once, when the way is gone. */
  onClose: () => void;
  close(): void;
}

/** The engine's end. */
export type HostPort = BridgePort<EngineMessage, FaceMessage>;
/** The face's end. */
export type FacePort = BridgePort<FaceMessage, EngineMessage>;

/** Of what comes from a window, which may be anything. */
export function isFaceMessage(value: unknown): value is FaceMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, callId, command, args } = value as Record<string, unknown>;
  if (kind === 'tellAll') return true;
  const isCall = kind === 'call' && typeof callId === 'number' && typeof command === 'string';
  return isCall && Array.isArray(args);
}
