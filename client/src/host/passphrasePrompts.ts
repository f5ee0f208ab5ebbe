import { ClientError } from '../engine/clientError.js';
import type { Prompt } from './clientState.js';

interface Asked extends Prompt {
  readonly answer: (passphrase: string | null) => void;
}

/** Asks whoever looks for passphrases of identities, one after another. */
export class PassphrasePrompts {
  private readonly asked: Asked[] = [];
  private lastId = 0;

  /** @param onChange another prompt is the current one, or none */
  constructor(private readonly onChange: () => void) {}

  get current(): Prompt | null {
    const [first] = this.asked;
    return first === undefined
      ? null
      : { promptId: first.promptId, identityName: first.identityName };
  }

  /** @throws ClientError `passphraseNeeded` where the user gave up, or the signal was given */
  ask(identityName: string, signal: AbortSignal): Promise<string> {
    const promptId = ++this.lastId;
    return new Promise((resolve, reject) => {
      const answer = (passphrase: string | null): void => {
        signal.removeEventListener('abort', giveUp);
        this.asked.splice(this.asked.indexOf(asked), 1);
        this.onChange();
        if (passphrase !== null) resolve(passphrase);
        else reject(new ClientError('passphraseNeeded', 'no passphrase was given'));
      };
      const giveUp = (): void => answer(null);
      const asked = { promptId, identityName, answer };
      this.asked.push(asked);
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      else this.onChange();
    });
  }

  /** An answer to a prompt that is over changes nothing. @param passphrase null gives up */
  answer(promptId: number, passphrase: string | null): void {
    this.asked.find((asked) => asked.promptId === promptId)?.answer(passphrase);
  }
}
