import { laneOf, type CommandLane } from '@rookery/schemas/commandLane';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Message, ReceivedMessage } from '@rookery/schemas/messages';
import type { RefusedCommands } from '../access/refusedCommands.js';
import { tooFastText, type Pacing, type TooFast } from '../abuse/pacing.js';
import type { CommandContext, CommandResult } from '../command/commandContext.js';
import { isCommand, runCommand } from '../command/commandTable.js';
import { storageRefusal } from '../command/storageRefusal.js';
import type { TokenBucket } from '../command/tokenBucket.js';
import { refusal } from '../state/outcome.js';
import type { Connection } from './connection.js';
import type { InboundLane } from './inboundLanes.js';
import type { LaneGate } from './laneGate.js';
import type { Login } from './login.js';
import { peerLeft, violation, type Parting } from './parting.js';
import type { ProtocolCounters } from './protocolCounters.js';
import type { ServerCards } from './serverCards.js';

export interface ConversationOptions {
  readonly login: Login;
  readonly cards: Pick<ServerCards, 'answer'>;
  /** What commands use, but for the session. */
  readonly commands: Omit<CommandContext, 'session'>;
  readonly pacing: Pick<Pacing, 'take'>;
  readonly counters: ProtocolCounters;
  readonly refusedCommands: RefusedCommands;
  readonly part: (connection: Connection, parting: Parting) => void;
  /** Something of ours failed; the peer is told no more than that. */
  readonly onFault: (error: unknown) => void;
  /** Called when something was sent outside of a QUIC event. */
  readonly wake: () => void;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** The command that is answered. */
interface Asked {
  readonly type: FrameType;
  readonly requestId: number;
}

/** What each message of a client does, by the phase of its connection. */
export class Conversation {
  readonly #options: ConversationOptions;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** @param connection not closing */
  receive(connection: Connection, lane: InboundLane['kind'], received: ReceivedMessage): void {
    const { message, requestId } = received;
    if (lane === 'control') this.#receiveControl(connection, message, requestId);
    else this.#receiveCommand(connection, lane, message, requestId);
  }

  #receiveControl(connection: Connection, message: Message, requestId: number): void {
    const tooFast = this.#take(connection.controlBucket);
    if (tooFast !== null) {
      this.#refuseTooFast(connection, tooFast, message, requestId);
      return;
    }
    const { phase } = connection;
    switch (message.type) {
      case FrameType.Hello:
        if (phase.name !== 'awaitHello') break;
        this.#options.login.hello(connection, message, requestId);
        return;
      case FrameType.ReadServerCard:
        if (phase.name !== 'awaitHello') break;
        connection.sendControl(this.#options.cards.answer(connection.source), requestId);
        return;
      case FrameType.Auth:
        if (phase.name !== 'awaitAuth') break;
        this.#options.login.auth(connection, phase, message, requestId);
        return;
      case FrameType.Ping:
        connection.sendControl({ type: FrameType.Pong, nonce: message.nonce }, requestId);
        return;
      case FrameType.Pong:
        return;
      case FrameType.Goodbye:
        this.#options.part(connection, peerLeft);
        return;
      default:
    }
    this.#outOfPlace(connection, message, requestId);
  }

  #receiveCommand(
    connection: Connection,
    lane: CommandLane,
    message: Message,
    requestId: number,
  ): void {
    const { phase } = connection;
    if (phase.name !== 'open' || !isCommand(message) || laneOf(message.type) !== lane) {
      this.#outOfPlace(connection, message, requestId);
      return;
    }
    const asked = { type: message.type, requestId };
    const gate = phase.gates[lane];
    const sender = { userId: phase.session.userId, source: connection.source };
    const tooFast = this.#take(gate.bucket) ?? this.#options.pacing.take(sender, message.type);
    if (tooFast !== null) {
      this.#refuseTooFast(connection, tooFast, message, requestId);
      return;
    }
    if (gate.isFull) {
      this.#options.counters.add('tooFast');
      this.#answer(connection, tooManyAtOnce, asked);
      return;
    }
    const context = { ...this.#options.commands, session: phase.session };
    const result = runCommand(context, message);
    if (result instanceof Promise) void this.#answerLater(connection, gate, result, asked);
    else this.#answer(connection, result, asked);
  }

  async #answerLater(
    connection: Connection,
    gate: LaneGate,
    result: Promise<CommandResult>,
    asked: Asked,
  ): Promise<void> {
    gate.enter();
    const settled = await this.#settled(result);
    gate.leave();
    this.#answer(connection, settled, asked);
    this.#options.wake();
  }

  async #settled(result: Promise<CommandResult>): Promise<CommandResult> {
    try {
      return await result;
    } catch (error) {
      const refused = storageRefusal(error);
      if (refused !== null) return refused;
      this.#options.onFault(error);
      return refusal(ErrorCode.Internal, 'The command failed inside the server.');
    }
  }

  #answer(connection: Connection, result: CommandResult, { type, requestId }: Asked): void {
    const isForbidden = result.refused && result.code === ErrorCode.NotPermitted;
    if (isForbidden) this.#options.refusedCommands.add(type);
    // Meanwhile the peer may have left.
    if (connection.phase.name !== 'open') return;
    if (result.refused) {
      const { code, message } = result;
      connection.sendControl({ type: FrameType.Error, code, message }, requestId);
    } else if ('answer' in result) {
      connection.sendControl(result.answer, requestId);
    } else {
      const { createdId, listId } = result;
      connection.sendControl({ type: FrameType.CommandDone, createdId, listId }, requestId);
    }
  }

  #take(bucket: TokenBucket): TooFast | null {
    const retryAfterMs = bucket.take(this.#options.nowMs());
    if (retryAfterMs === 0) return null;
    return { of: 'user', retryAfterMs, isFlooding: bucket.isFlooded() };
  }

  /** Tells a peer that goes too fast to slow down, and parts from one that does not listen. */
  #refuseTooFast(
    connection: Connection,
    tooFast: TooFast,
    { type: frameType }: Message,
    requestId: number,
  ): void {
    const code = ErrorCode.TooFast;
    if (tooFast.isFlooding) {
      const text = 'Did not slow down when told to.';
      this.#options.part(connection, violation('flood', code, text, requestId));
      return;
    }
    this.#options.counters.add('tooFast');
    const { retryAfterMs } = tooFast;
    connection.sendControl({ type: FrameType.Throttle, frameType, retryAfterMs });
    const message = tooFastText(tooFast);
    connection.sendControl({ type: FrameType.Error, code, message }, requestId);
  }

  #outOfPlace(connection: Connection, { type }: Message, requestId: number): void {
    const text = `A message of type ${type} may not come here in phase ${connection.phase.name}.`;
    this.#options.part(connection, violation('outOfPlace', ErrorCode.OutOfPlace, text, requestId));
  }
}

const tooManyAtOnce = refusal(
  ErrorCode.TooFast,
  'Too many commands wait to be carried out. Send the next when one of them is answered.',
);
