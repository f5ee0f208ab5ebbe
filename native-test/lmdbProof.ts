import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import { expectEqual, type Finding, type Proof } from './proof.js';
import { withTemporaryFolder } from './temporaryFolder.js';

/** LMDB: what was acknowledged is there after the writing process was killed. */
export const lmdbProof: Proof = {
  part: 'LMDB',
  prove: () => withTemporaryFolder(proveLmdb),
};

/** Acknowledgements to wait for before the kill. */
const acknowledgements = 40;

async function proveLmdb(folder: string): Promise<Finding> {
  const began = performance.now();
  const entry = fileURLToPath(new URL('./lmdbWriter.js', import.meta.url));
  const writer = spawn(process.execPath, [entry, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged = await killAfterAcknowledgements(writer);
  const seconds = (performance.now() - began) / 1_000;
  const db = open<string, number>({ path: folder });
  try {
    for (let number = 0; number <= acknowledged; number++) {
      expectEqual(`entry ${number} after kill -9`, db.get(number), `value ${number}`);
    }
  } finally {
    await db.close();
  }
  return {
    outcome: 'proved',
    what: `${acknowledged + 1} acknowledged entries are there after kill -9 of their writer`,
    figure: `${Math.round(acknowledgements / seconds)} durable commits/s, start included`,
  };
}

/** @returns the last number that was acknowledged before the process was gone */
async function killAfterAcknowledgements(writer: ChildProcess): Promise<number> {
  const exited = once(writer, 'exit');
  let count = 0;
  let acknowledged = -1;
  for await (const line of createInterface({ input: writer.stdout! })) {
    acknowledged = Number(line);
    count++;
    if (count === acknowledgements) writer.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  expectEqual('end of the writing process', signal, 'SIGKILL');
  return acknowledged;
}
