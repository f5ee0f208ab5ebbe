import { FrameType } from '@rookery/schemas/frameType';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Message, ServerCard } from '@rookery/schemas/messages';
import { CloseCode } from '@rookery/schemas/protocol';
import { ClientError } from './clientError.js';
import type { ShownFingerprints } from './fingerprint.js';
import { openQuicLink, type QuicLink } from './quicLink.js';
import { Requests } from './requests.js';
import type { ServerAddress } from './serverAddress.js';
import { errorOfAnswer, errorOfEnd } from './serverAnswers.js';

/** What a server shows to everybody. */
export interface SeenServer {
  /** Nobody has vouched for them. */
  readonly fingerprints: ShownFingerprints;
  readonly roundTripMs: number;
  /** null: it shows no card. */
  readonly card: ServerCard | null;
}

export interface ServerCardOptions {
  readonly address: ServerAddress;
  /** For the way there, and again for each answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Looks at a server without logging in: no name, key or password is sent.
 *
 * @throws ClientError `unreachable`, `versionMismatch`, `commandRefused` where it was asked too
 *   often, `disconnected` with the signal, `protocolViolation`
 */
export async function readServerCard(options: ServerCardOptions): Promise<SeenServer> {
  const { timeoutMs, signal } = options;
  const requests = new Requests();
  const link = await openQuicLink({
    ...options,
    onMessage: (received) => void requests.answer(received),
    onDatagram: () => undefined,
    onEnd: (end) => requests.failAll(errorOfEnd(end)),
  });
  const onAbort = (): void => requests.failAll(new ClientError('disconnected', 'stopped'));
  signal.addEventListener('abort', onAbort);
  const ask = async (message: Message): Promise<Message> => {
    if (signal.aborted) throw new ClientError('disconnected', 'stopped');
    return requests.ask((requestId) => link.sendControl(message, requestId), timeoutMs);
  };
  try {
    const answer = await ask({ type: FrameType.ReadServerCard });
    const askedAtMs = performance.now();
    await ask({ type: FrameType.Ping, nonce: 0 });
    const roundTripMs = performance.now() - askedAtMs;
    sayGoodbye(link);
    const { fingerprints } = link;
    return { fingerprints, roundTripMs, card: cardOf(answer) };
  } finally {
    signal.removeEventListener('abort', onAbort);
    await link.close(CloseCode.Done);
  }
}

function cardOf(answer: Message): SeenServer['card'] {
  if (answer.type === FrameType.Error && answer.code === ErrorCode.NotPermitted) return null;
  if (answer.type === FrameType.Error) throw errorOfAnswer(answer);
  if (answer.type !== FrameType.ServerCard) {
    throw new ClientError('protocolViolation', 'the server answered with something else');
  }
  return answer;
}

function sayGoodbye(link: QuicLink): void {
  link.sendControl({ type: FrameType.Goodbye, reason: GoodbyeReason.ClientLeft, message: '' });
}
