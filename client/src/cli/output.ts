import type { ClientErrorCode } from '../engine/clientError.js';
import { terminalJson, terminalText } from './terminalText.js';

/** One thing that happened, as `--json` prints it. */
export interface OutputEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What a command tells. Words are escaped here, so names of others may stand in them. */
export interface Output {
  /** What is going on: words on stderr, with `--json` an object on stdout. */
  progress(event: OutputEvent, words: string): void;
  /** What was asked for: words on stdout, with `--json` an object there. */
  result(event: OutputEvent, words: string): void;
  /** The same in several lines of words. */
  table(event: OutputEvent, lines: readonly string[]): void;
  /** What only programs want to know: an object on stdout with `--json`, else nothing. */
  detail(event: OutputEvent): void;
  /** One line on stderr, with `--json` also an object on stdout. */
  error(code: ClientErrorCode | 'usage', message: string): void;
}

export const textOutput: Output = {
  progress: (_, words) => writeError(words),
  result: (_, words) => writeLine(terminalText(words)),
  table: (_, lines) => writeLine(lines.map(terminalText).join('\n')),
  detail: () => undefined,
  error: (_, message) => writeError(message),
};

export const jsonOutput: Output = {
  progress: (event) => writeLine(terminalJson(event)),
  result: (event) => writeLine(terminalJson(event)),
  table: (event) => writeLine(terminalJson(event)),
  detail: (event) => writeLine(terminalJson(event)),
  error: (code, message) => {
    writeLine(terminalJson({ event: 'error', code, message }));
    writeError(message);
  },
};

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function writeError(words: string): void {
  process.stderr.write(`rookery: ${terminalText(words)}\n`);
}
