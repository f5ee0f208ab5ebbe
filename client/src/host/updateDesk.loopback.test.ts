import { readFile } from 'node:fs/promises';
import {
  daysFromNow,
  releaseKey,
  sampleManifest,
  signedManifest,
} from '@rookery/schemas/testing/signedRelease';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ReleaseFolder } from '../testing/releaseFolder.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import type { LogDraft } from './clientLog.js';
import { usualSettings, type FaceSettings } from './faceSettings.js';
import { lookLimits } from './lookForUpdate.js';
import { usualPace } from './lookTimes.js';
import { UpdateDesk, type UpdateDeskOptions } from './updateDesk.js';

/** Always due. */
const atOnce = { ...usualPace, first: [0, 0], next: [0, 0], again: [0, 0], tickMs: 1 } as const;
/** Never by itself. */
const never = { ...usualPace, tickMs: 100_000 };

let scratch: ScratchFolder;
let release: ReleaseFolder;
let settings: FaceSettings;
let isBusy: boolean;
let logged: LogDraft[];
let desks: UpdateDesk[];

beforeEach(async () => {
  scratch = await ScratchFolder.make();
  release = await ReleaseFolder.open();
  settings = { ...usualSettings, updateUrl: release.url, updateKey: releaseKey };
  isBusy = false;
  [logged, desks] = [[], []];
});
afterEach(async () => {
  for (const desk of desks) await desk.close();
  await release.close();
  await scratch.remove();
});

async function openDesk(more: Partial<UpdateDeskOptions> = {}): Promise<UpdateDesk> {
  const desk = new UpdateDesk({
    profileFolder: scratch.in('profile'),
    installedVersion: '1.0.0',
    settings: () => settings,
    isBusy: () => isBusy,
    onChange: () => undefined,
    onLog: (draft) => logged.push(draft),
    pace: never,
    ...more,
  });
  desks.push(desk);
  await desk.open();
  return desk;
}

describe('a newer version', () => {
  test('is told of, with what is new, where it is, and the file for this machine', async () => {
    const platform = `${process.platform}-${process.arch}`;
    const file = { platform, name: 'Rookery.deb', bytes: 7, sha256: 'a'.repeat(64) };
    release.publish('1.1.0', { notes: 'Much.', files: [file] });
    const desk = await openDesk();
    expect(desk.state).toMatchObject({ notice: null, outcome: null, lookedAtMs: null });
    await desk.look();
    expect(desk.state.notice).toEqual({
      ...{ version: '1.1.0', date: '2026-11-01T00:00:00.000Z', notes: 'Much.' },
      page: 'https://example.org/get',
      file: {
        address: `${release.url}/Rookery.deb`,
        ...{ name: 'Rookery.deb', bytes: 7, sha256: 'a'.repeat(64) },
      },
    });
    expect(desk.state.lookedAtMs).toBeGreaterThan(0);
    expect(release.asked).toEqual(['/releases/manifest.json', '/releases/manifest.json.sig']);
  });

  test('that is skipped is not told of after a restart either, a yet newer one is', async () => {
    release.publish('1.1.0');
    const desk = await openDesk();
    await desk.look();
    await desk.skip('1.1.0');
    expect(desk.state.notice).toBeNull();
    expect(desk.state.outcome).toMatchObject({ kind: 'newer' });
    await desk.close();
    const next = await openDesk();
    expect(next.state.lookedAtMs).toBe(desk.state.lookedAtMs);
    await next.look();
    expect(next.state).toMatchObject({ notice: null, skippedVersion: '1.1.0' });
    release.publish('1.2.0');
    await next.look();
    expect(next.state.notice).toMatchObject({ version: '1.2.0' });
    await next.skip(null);
    await expect(next.skip('no version')).rejects.toMatchObject({ code: 'invalidInput' });
  });

  test('that is put off is told of when it is found again', async () => {
    release.publish('1.1.0');
    const desk = await openDesk();
    await desk.look();
    desk.later();
    expect(desk.state.notice).toBeNull();
    await desk.look();
    expect(desk.state.notice).not.toBeNull();
  });

  test('is told of when its user has stopped talking', async () => {
    release.publish('1.1.0');
    isBusy = true;
    const desk = await openDesk();
    await desk.look();
    desk.follow();
    expect(desk.state).toMatchObject({ notice: null, outcome: { kind: 'newer' } });
    isBusy = false;
    desk.follow();
    expect(desk.state.notice).toMatchObject({ version: '1.1.0' });
  });
});

describe('nobody is asked', () => {
  test.each([
    ['where it is switched off', { looksForUpdates: false }],
    ['where nobody said where', { updateUrl: '' }],
    ['where nobody said by whose key', { updateKey: '' }],
    ['over a way that others read', { updateUrl: 'http://192.0.2.1/releases' }],
    ['while its user talks', {}],
  ])('%s', async (when, change) => {
    release.publish('1.1.0');
    const usual = settings;
    settings = { ...usual, ...change };
    const talks = when === 'while its user talks';
    const desk = await openDesk({ pace: atOnce, isBusy: () => talks });
    // Who is asked now is the one that would have been asked before.
    const other = await openDesk({ pace: atOnce, settings: () => usual });
    await vi.waitFor(() => expect(other.state.notice).not.toBeNull());
    expect(desk.state).toMatchObject({ lookedAtMs: null, isLooking: false, outcome: null });
  });

  test('by a wish either, where nobody said where', async () => {
    settings = usualSettings;
    const desk = await openDesk();
    expect(() => desk.look()).toThrow('not known where');
    expect(desk.state.problem).toBe('noAddress');
  });

  test('but whom the command line names, before the settings and who made the client', async () => {
    release.publish('1.1.0');
    settings = { ...usualSettings, updateUrl: 'http://127.0.0.1:9' };
    const builtIn = { url: 'http://127.0.0.1:9', key: releaseKey };
    const desk = await openDesk({ given: { url: release.url }, builtIn });
    await desk.look();
    expect(desk.state).toMatchObject({ address: release.url, notice: { version: '1.1.0' } });
  });
});

describe('no notice is made', () => {
  test.each(['0.9.0', '1.0.0', '1.0.0-rc.1', '1.0.0+other'])('of version %s', async (version) => {
    release.publish(version);
    const desk = await openDesk();
    await desk.look();
    expect(desk.state).toMatchObject({ notice: null, outcome: { kind: 'newest' }, refusals: 0 });
  });

  test('of a release without a client', async () => {
    const { bytes, signature } = signedManifest(sampleManifest('2.0.0'));
    release.put(bytes, signature);
    const desk = await openDesk();
    await desk.look();
    expect(desk.state).toMatchObject({ notice: null, outcome: { kind: 'noClient' } });
  });

  test.each([
    ['changed', (text: Buffer) => Buffer.from(text.toString().replaceAll('1.1.0', '9.9.9'))],
    ['cut short', (text: Buffer) => text.subarray(0, -20)],
  ])('of a manifest that was %s; that is counted, and logged once', async (_how, change) => {
    const { bytes, signature } = signedManifest(sampleManifest('1.1.0'));
    release.put(change(bytes), signature);
    const desk = await openDesk();
    await desk.look();
    await desk.look();
    expect(desk.state).toMatchObject({ notice: null, outcome: { kind: 'notSigned' } });
    expect(desk.state.refusals).toBe(2);
    expect(logged).toEqual([
      {
        ...{ level: 'warn', part: 'updates' },
        text: 'the release is not signed by the key that is trusted',
      },
    ]);
  });

  test('of what another key signed', async () => {
    release.publish('1.1.0');
    settings = { ...settings, updateKey: Buffer.alloc(32, 7).toString('base64') };
    const desk = await openDesk();
    await desk.look();
    expect(desk.state).toMatchObject({ notice: null, outcome: { kind: 'notSigned' } });
  });

  test.each([
    ['ended', -9, -1],
    ['ahead', 3, 90],
  ])('of a manifest that is not of today: %s', async (why, issued, expires) => {
    const times = { issued: daysFromNow(issued), expires: daysFromNow(expires) };
    release.publish('1.1.0', {}, times);
    const desk = await openDesk();
    await desk.look();
    expect(desk.state).toMatchObject({
      notice: null,
      outcome: { kind: 'stale', why },
      refusals: 1,
    });
    release.publish('1.1.0');
    await desk.look();
    expect(desk.state.notice).not.toBeNull();
  });

  test('of one that is older than what was seen, also after a restart', async () => {
    release.publish('1.2.0', {}, { issued: daysFromNow(0) });
    const desk = await openDesk();
    await desk.look();
    await desk.close();
    release.publish('1.1.0');
    const next = await openDesk();
    await next.look();
    expect(next.state).toMatchObject({ notice: null, outcome: { why: 'overtaken' } });
  });

  test('of what never ends', async () => {
    release.answer = (_request, response) => {
      const more = (): void => void response.write(Buffer.alloc(30_000, 'x'), more);
      more();
    };
    const desk = await openDesk();
    await desk.look();
    const outcome = { kind: 'unusable', fault: { code: 'fetchTooLarge' } };
    expect(desk.state).toMatchObject({ notice: null, outcome, refusals: 1 });
  });

  test('of what is written in a way that is not known', async () => {
    const { bytes, signature } = signedManifest(sampleManifest('1.1.0', { date: 'then' }));
    release.put(bytes, signature);
    const desk = await openDesk();
    await desk.look();
    const outcome = { kind: 'unusable', fault: { code: 'unknownForm', fact: '' } };
    expect(desk.state).toMatchObject({ notice: null, outcome, refusals: 1 });
  });

  test.each([
    ['is not there', 404, 'fetchAnswer', '404'],
    ['never comes', null, 'fetchSilent', ''],
  ])('of what %s', async (_how, status, code, fact) => {
    release.answer = (_request, response) => {
      if (status !== null) response.writeHead(status).end();
    };
    const desk = await openDesk({ limits: { ...lookLimits, silenceMsMax: 50 } });
    await desk.look();
    const outcome = { kind: 'unreachable', fault: { code, fact } };
    expect(desk.state).toMatchObject({ notice: null, outcome });
    expect(logged).toMatchObject([
      { text: expect.stringContaining('manifest.json: it ') as string },
    ]);
    expect(desk.state.refusals).toBe(0);
  });
});

test('who stops does not wait for who answers nothing, and what is kept is readable', async () => {
  release.publish('1.1.0');
  const desk = await openDesk();
  await desk.look();
  await desk.skip('1.1.0');
  release.answer = () => undefined;
  const looking = desk.look();
  expect(desk.state.isLooking).toBe(true);
  await desk.close();
  await looking;
  expect(desk.state).toMatchObject({ isLooking: false, outcome: { kind: 'newer' } });
  const text = await readFile(scratch.in('profile/updates.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ value: { skippedVersion: '1.1.0' } });
});

test('what was found elsewhere says nothing of where one looks now', async () => {
  release.publish('1.1.0');
  const desk = await openDesk();
  await desk.look();
  settings = { ...settings, updateUrl: 'https://example.org' };
  desk.settingsChanged();
  expect(desk.state).toMatchObject({ outcome: null, notice: null, address: 'https://example.org' });
});
