import { createInterface } from 'node:readline';
import { ClientError } from '../../engine/clientError.js';
import type { PassphraseSurroundings } from '../passphrasePrompt.js';
import { terminalText } from '../terminalText.js';

/**
 * Asks a question that only "y" or "yes" agrees to.
 *
 * @throws ClientError `cancelled` without a terminal, and for every other answer
 */
export async function askYes(
  { input, output }: Omit<PassphraseSurroundings, 'env'>,
  question: string,
): Promise<void> {
  if (input.isTTY !== true) {
    throw new ClientError('cancelled', 'nobody can be asked here: agree with --yes');
  }
  const reader = createInterface({ input, output });
  try {
    const answer = await new Promise<string>((resolve) => {
      reader.question(`${terminalText(question)} [y/N] `, resolve);
      reader.once('close', () => resolve(''));
    });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    reader.close();
  }
  throw new ClientError('cancelled', 'nothing was changed');
}
