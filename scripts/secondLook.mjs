// Runs a command that tests, and looks a second time at the few files that failed: each alone.
//
//   node scripts/secondLook.mjs COMMAND [ARGUMENT…]
//
// Many tests wait for sound, sockets and browsers in real time, and a machine whose cores are taken
// by others keeps some of them waiting too long. A file that passes alone is named as unsteady, so
// that whoever mends it knows where to look. The run has failed all the same.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** More than so many files is no matter of time any more. */
const filesMax = 3;

const failure = /^failed: (\S+\.test\.m?[jt]s)( > .*)?$/;
const closing = /^(\d+) passed, (\d+) failed(.*)$/;

/**
 * @param {string} output of a run with the SummaryReporter
 * @returns {string[]} the files to look at again; none where that would tell nothing
 */
export function filesToRepeat(output) {
  const failures = matches(output, failure);
  const failed = Number(matches(output, closing).at(-1)?.[2]);
  // An error outside of any test, or a project without tests, is nobody's bad luck.
  if (failures.length !== failed) return [];
  const files = new Set(failures.map(([, file]) => file));
  return files.size > filesMax ? [] : [...files];
}

/** The lines that are such a one, taken apart. */
function matches(output, pattern) {
  return output.split('\n').flatMap((line) => {
    const found = pattern.exec(line.trimEnd());
    return found === null ? [] : [found];
  });
}

/** Runs it, shows what it prints, and keeps that. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.once('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** @returns {Promise<number>} exit code */
async function main([command, ...args]) {
  const first = await run(command, args);
  if (first.code === 0) return 0;
  const files = filesToRepeat(first.output);
  if (files.length === 0) return first.code;
  console.log(`\nLooking again, at each alone: ${files.join(', ')}`);
  // npm wants its own options apart from those of the script.
  const apart = command === 'npm' ? ['--'] : [];
  const unsteady = [];
  for (const file of files) {
    const { code } = await run(command, [...args, ...apart, file, '--maxWorkers=1']);
    if (code === 0) unsteady.push(file);
  }
  for (const file of unsteady) console.log(`unsteady: ${file} failed beside others, passed alone`);
  console.log(matches(first.output, closing).at(-1)[0]);
  return first.code;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
