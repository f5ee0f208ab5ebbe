import { ClientError } from '../engine/clientError.js';
import { formatServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import type { Prompt } from './clientState.js';

/** What is asked of the user. */
type Question = Prompt extends infer Each
  ? Each extends Prompt
    ? Omit<Each, 'promptId'>
    : never
  : never;

interface Asked {
  readonly prompt: Prompt;
  /** @param answer null gives up */
  readonly answer: (answer: string | null) => void;
}

/** The answer that trusts a server; every other one does not. */
export const trustAnswer = 'trust';

/** Asks whoever looks what the engine wants to know before it goes on, one after another. */
export class UserPrompts {
  private readonly asked: Asked[] = [];
  private lastId = 0;

  /** @param onChange another prompt is the current one, or none */
  constructor(private readonly onChange: () => void) {}

  get current(): Prompt | null {
    return this.asked[0]?.prompt ?? null;
  }

  /** @throws ClientError `passphraseNeeded` where the user gave up, or the signal was given */
  async askPassphrase(identityName: string, signal: AbortSignal): Promise<string> {
    const passphrase = await this.ask({ kind: 'passphrase', identityName }, signal);
    if (passphrase !== null) return passphrase;
    throw new ClientError('passphraseNeeded', 'no passphrase was given');
  }

  /** @returns whether the user trusts a server that was never met; false with the signal */
  async askTrust(
    { address, fingerprint }: { readonly address: ServerAddress; readonly fingerprint: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    const server = formatServerAddress(address);
    return (await this.ask({ kind: 'trust', server, fingerprint }, signal)) === trustAnswer;
  }

  /** An answer to a prompt that is over changes nothing. @param answer null gives up */
  answer(promptId: number, answer: string | null): void {
    this.asked.find(({ prompt }) => prompt.promptId === promptId)?.answer(answer);
  }

  private ask(question: Question, signal: AbortSignal): Promise<string | null> {
    const promptId = ++this.lastId;
    return new Promise((resolve) => {
      const answer = (given: string | null): void => {
        signal.removeEventListener('abort', giveUp);
        this.asked.splice(this.asked.indexOf(asked), 1);
        this.onChange();
        resolve(given);
      };
      const giveUp = (): void => answer(null);
      const asked = { prompt: { promptId, ...question }, answer };
      this.asked.push(asked);
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      else this.onChange();
    });
  }
}
