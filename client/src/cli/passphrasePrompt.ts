import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';
import { ClientError } from '../engine/clientError.js';
import { terminalText } from './terminalText.js';

/** Where passphrases come from; given, so that it can be tested without a terminal. */
export interface PassphraseSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is typed is not shown: a terminal is told to leave that to us, and we show nothing. */
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** Of this process. Prompts stand on stderr, so that stdout can be piped. */
export const terminal: PassphraseSurroundings = {
  env: process.env,
  input: process.stdin,
  output: process.stderr,
};

/** The passphrase of an identity that is there. */
const presentVariable = 'ROOKERY_PASSPHRASE';
/** The one that an identity is to get. */
const newVariable = 'ROOKERY_NEW_PASSPHRASE';
/** The password of an account, where no option gives it. */
const accountVariable = 'ROOKERY_ACCOUNT_PASSWORD';

/**
 * The passphrase that an identity has: of ROOKERY_PASSPHRASE, else asked for on the terminal.
 *
 * @throws ClientError `passphraseNeeded` without either, or when the user or the signal gives up.
 */
export async function askPassphrase(
  surroundings: PassphraseSurroundings,
  identityName: string,
  signal?: AbortSignal,
): Promise<string> {
  const given = surroundings.env[presentVariable];
  if (given !== undefined) return given;
  const words = `passphrase of identity "${identityName}": `;
  return askOnTerminal(surroundings, words, presentVariable, signal);
}

/**
 * The passphrase that an identity is to get: of ROOKERY_NEW_PASSPHRASE, else asked for twice. Where
 * it has none yet, ROOKERY_PASSPHRASE does, too.
 *
 * @throws ClientError as askPassphrase(), and `invalidInput` where the two are not the same.
 */
export async function askNewPassphrase(
  surroundings: PassphraseSurroundings,
  identityName: string,
  before: 'hasNone' | 'hasOne',
): Promise<string> {
  const { env } = surroundings;
  const given = env[newVariable] ?? (before === 'hasNone' ? env[presentVariable] : undefined);
  if (given !== undefined) return given;
  return askTwice(surroundings, `new passphrase of identity "${identityName}": `, newVariable);
}

/**
 * The password of an account: of ROOKERY_ACCOUNT_PASSWORD, else asked for on the terminal.
 *
 * @throws ClientError as askPassphrase()
 */
export async function askAccountPassword(
  surroundings: PassphraseSurroundings,
  name: string,
): Promise<string> {
  const given = surroundings.env[accountVariable];
  if (given !== undefined) return given;
  return askOnTerminal(surroundings, `password of "${name}": `, accountVariable);
}

/**
 * The password that an account is to get: of ROOKERY_ACCOUNT_PASSWORD, else asked for twice.
 *
 * @throws ClientError as askNewPassphrase()
 */
export async function askNewAccountPassword(
  surroundings: PassphraseSurroundings,
  name: string,
): Promise<string> {
  const given = surroundings.env[accountVariable];
  if (given !== undefined) return given;
  return askTwice(surroundings, `new password of "${name}": `, accountVariable);
}

async function askTwice(
  surroundings: PassphraseSurroundings,
  words: string,
  variable: string,
): Promise<string> {
  const first = await askOnTerminal(surroundings, words, variable);
  const second = await askOnTerminal(surroundings, 'the same once more: ', variable);
  if (first === second) return first;
  throw new ClientError('invalidInput', 'the two are not the same: try again');
}

function askOnTerminal(
  { input, output }: PassphraseSurroundings,
  words: string,
  variable: string,
  signal?: AbortSignal,
): Promise<string> {
  if (input.isTTY !== true) return Promise.reject(noPassphrase(words, variable));
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true, historySize: 0 });
  output.write(terminalText(words));
  return new Promise<string>((resolve, reject) => {
    const giveUp = (): void => lines.close();
    signal?.addEventListener('abort', giveUp);
    lines.once('line', resolve);
    // Ctrl-C comes as a key here, and closes as Ctrl-D does; after a line this says nothing more.
    lines.once('SIGINT', giveUp);
    lines.once('close', () => {
      signal?.removeEventListener('abort', giveUp);
      reject(noPassphrase(words, variable));
    });
    if (signal?.aborted === true) giveUp();
  }).finally(() => {
    lines.close();
    output.write('\n');
  });
}

function noPassphrase(words: string, variable: string): ClientError {
  return new ClientError(
    'passphraseNeeded',
    `no ${words.replace(/: $/, '')} was given: type it on a terminal, or set ${variable}`,
  );
}
