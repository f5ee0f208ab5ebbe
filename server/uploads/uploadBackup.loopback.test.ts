import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { backUp, restore } from '../store/backup.js';
import { checkData } from '../store/checkData.js';
import { download, someBytes, startOf, upload } from '../testing/fileTransfers.js';
import { createIdentity } from '../testing/testClient.js';
import { startTestServer } from '../testing/testServer.js';

test('a backup of a server that runs has its files, and is checked with them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-upload-backup-'));
  const identity = createIdentity();
  const bytes = someBytes(70_000);
  const server = await startTestServer();
  const ada = await server.join({ identity });
  await ada.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const { uploadId, hash } = await upload(ada, { bytes });
  await ada.command(startOf({ bytes: someBytes(10, 2) }));
  const backup = join(folder, 'backup');
  await backUp(server.running.info.dataDirectory, backup);
  await server.close();
  const report = await checkData(backup);
  expect(report).toMatchObject({ problemCount: 0, entries: { uploads: 2, uploadContents: 1 } });

  const dataDirectory = join(folder, 'restored');
  await restore(backup, dataDirectory);
  const again = await startTestServer({ dataDirectory });
  const back = await again.join({ identity });
  expect(Buffer.compare(await download(back, uploadId), bytes)).toBe(0);
  await again.close();

  const name = Buffer.from(hash).toString('hex');
  const content = join(backup, 'uploads', name.slice(0, 2), name);
  writeFileSync(content, someBytes(70_000, 3));
  expect((await checkData(backup)).problems).toEqual([expect.stringContaining('not what it was')]);
  rmSync(content);
  expect((await checkData(backup)).problems).toEqual([expect.stringContaining('is gone')]);
  expect(readdirSync(folder)).toEqual(['backup', 'restored']);
  rmSync(folder, { recursive: true });
});
