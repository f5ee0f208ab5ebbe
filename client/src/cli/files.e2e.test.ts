import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RookeryProcess, runRookery, type Outcome } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

const chat = (name: string, ...more: string[]): Promise<Outcome> =>
  runRookery(['chat', ...as(name), ...more]);
const as = (name: string): string[] => [
  ...['--server', server.address],
  ...['--name', name],
  ...['--profile', scratch.in(name)],
];

/** One pixel. */
const dotPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ' +
  'AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('files on the command line', () => {
  it('go up with a message, and come down as they were', async () => {
    const bytes = Uint8Array.from({ length: 700_000 }, (_, index) => (index * 7) % 253);
    await writeFile(scratch.in('nest.bin'), bytes);
    const follower = new RookeryProcess(['chat', ...as('Berta'), '--follow', '--json']);
    await follower.event('joined');
    const upload = ['--upload', scratch.in('nest.bin'), '--send', 'look', '--json'];
    const sent = await chat('Anna', ...upload);
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const events = sent.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'uploaded', name: 'nest.bin', sizeBytes: bytes.length }),
    );
    const last = events.at(-1) as { attachmentIds: [string] };
    expect(await follower.event('message')).toMatchObject({ attachmentIds: last.attachmentIds });
    await follower.stop();

    const out = scratch.in('fetched.bin');
    const fetched = await chat('Berta', '--download', last.attachmentIds[0], '--out', out);
    expect(fetched.code).toBe(0);
    expect(fetched.stderr).toContain(': 100 %');
    expect(fetched.stdout).toContain(`nest.bin, ${bytes.length} bytes, written to ${out}`);
    expect(Buffer.compare(await readFile(out), bytes)).toBe(0);

    const [uploadId] = last.attachmentIds;
    const removed = await runRookery(['remove-file', ...as('Anna'), uploadId]);
    expect(removed).toMatchObject({ code: 0, stdout: `removed ${uploadId}\n` });
    const gone = await chat('Berta', '--download', uploadId, '--out', out);
    expect(gone.stderr).toContain('There is no such file here');
  });

  it('that are pictures come down small, too', async () => {
    await writeFile(scratch.in('dot.png'), Buffer.from(dotPng, 'base64'));
    const sent = await chat('Anna', '--upload', scratch.in('dot.png'), '--json');
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const { attachmentIds } = JSON.parse(sent.stdout.trim().split('\n').at(-1)!) as {
      attachmentIds: [string];
    };
    const out = scratch.in('dot.webp');
    const fetch = ['--download', attachmentIds[0], '--thumbnail', '--out', out];
    const fetched = await chat('Berta', ...fetch);
    expect(fetched).toMatchObject({ code: 0 });
    expect(fetched.stdout).toContain('small picture of dot.png');
    expect((await readFile(out)).toString('latin1')).toMatch(/^RIFF[^]{4}WEBP/);
    expect((await chat('Anna', '--send', 'x', '--thumbnail')).code).toBe(2);
  });

  it('that are not there are told of', async () => {
    const missing = await chat('Anna', '--upload', scratch.in('nowhere'));
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('cannot read');
    const id = '01234567-89ab-7def-8123-456789abcdef';
    const unknown = await chat('Anna', '--download', id, '--out', scratch.in('x'));
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('There is no such file');
    expect((await chat('Anna', '--download', id)).code).toBe(2);
  });
});
