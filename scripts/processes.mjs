// Child processes of the project's own commands: in the foreground, or quietly.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A step of the set-up failed. The message says what to do next; the output is the tool's own. */
export class SetUpError extends Error {
  /**
   * @param {string} message
   * @param {string} output What the failed tool printed, empty when there is nothing to show.
   */
  constructor(message, output = '') {
    super(message);
    this.name = 'SetUpError';
    this.output = output;
  }
}

/**
 * Runs a program without showing what it prints.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number, output: string }>} Exit code (127 when it cannot be started)
 *   and what it printed on both streams.
 */
export function runQuietly(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ code: 127, output: output + error.message }));
    child.once('close', (code, signal) => resolve({ code: exitCodeOf(code, signal), output }));
  });
}

/** A signal that npm repeats arrives within milliseconds; a person needs longer to press again. */
const repeatedSignalMs = 300;

/**
 * Runs a program in the foreground, with our standard streams, and waits for its end.
 *
 * Ctrl-C reaches this process twice when npm started it: from the terminal and again from npm. So
 * under a terminal the child has a process group of its own, and it is sent each signal once: a
 * second one means that somebody pressed again.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>} Its exit code; 128 + the signal's number where a signal ended it.
 */
export function runInForeground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'inherit', detached: hasTerminal() });
    const lastSent = new Map();
    const forward = (signal) => {
      const now = performance.now();
      const repeated = now - (lastSent.get(signal) ?? -Infinity) < repeatedSignalMs;
      if (!repeated) child.kill(signal);
      lastSent.set(signal, now);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const stopForwarding = () => {
      for (const signal of signals) process.off(signal, forward);
    };
    child.once('error', (error) => {
      stopForwarding();
      reject(error);
    });
    child.once('close', (code, signal) => {
      stopForwarding();
      resolve(exitCodeOf(code, signal));
    });
  });
}

/** Whether Ctrl-C of a terminal may reach us and, unless it is kept apart, our child. */
function hasTerminal() {
  const { stdin, stdout, stderr } = process;
  return process.platform !== 'win32' && [stdin, stdout, stderr].some((stream) => stream.isTTY);
}

/** The shell's convention for a process that a signal ended. */
function exitCodeOf(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}
