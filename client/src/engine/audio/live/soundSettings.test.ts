import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import type { SettingsFault } from '../../settingsFault.js';
import { usualCapture } from '../capture/captureThread.js';
import {
  parseSettings,
  settingsText,
  SoundSettingsFile,
  usualSettings,
  withUserSound,
  type SoundSettings,
} from './soundSettings.js';

const user = '00000000-0000-4000-8000-000000000001';
const chosen: SoundSettings = {
  inputId: 'ALSA/Headset',
  outputId: null,
  capture: { ...usualCapture, mode: 'pushToTalk', inputGain: 1.5 },
  users: new Map([[user, { gain: 0.5, isMuted: true }]]),
};

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(() => scratch.remove());

describe('the text of sound settings', () => {
  it('says all of them', () => {
    expect(parseSettings(settingsText(chosen))).toEqual({ settings: chosen, isWhole: true });
  });

  it('does not say that one was muted', () => {
    const muted = { ...chosen, capture: { ...chosen.capture, isMuted: true } };
    expect(parseSettings(settingsText(muted)).settings).toEqual(chosen);
  });

  it.each(['', 'no JSON', '[]', '{"version":2}', 'null'])('is of no use as %j', (text) => {
    expect(parseSettings(text)).toEqual({ settings: usualSettings, isWhole: false });
  });

  it('is taken where it makes sense, and as usual where it does not', () => {
    const record = JSON.parse(settingsText(chosen)) as Record<string, unknown>;
    const capture = { ...chosen.capture, inputGain: 1e9, holdMs: 'long', startsAbove: -1 };
    const broken = { ...record, outputId: 7, capture, users: { [user]: { gain: -3 } } };
    expect(parseSettings(JSON.stringify(broken))).toEqual({
      settings: {
        ...chosen,
        capture: { ...usualCapture, mode: 'pushToTalk' },
        users: new Map([[user, { gain: 1, isMuted: false }]]),
      },
      isWhole: false,
    });
  });

  it('is whole without what earlier versions did not know, but not with what this does not', () => {
    const earlier = JSON.parse(settingsText(chosen)) as Record<string, unknown>;
    delete earlier['outputId'];
    expect(parseSettings(JSON.stringify(earlier)).isWhole).toBe(true);
    expect(parseSettings(JSON.stringify({ ...earlier, ours: 1 })).isWhole).toBe(false);
  });
});

describe('the sound of users', () => {
  it('forgets whoever is heard as usual', () => {
    expect(withUserSound(chosen.users, user, { gain: 1, isMuted: false })).toEqual(new Map());
  });
});

describe('a file of sound settings', () => {
  it('is kept beside itself where it makes no sense, and somebody is told', async () => {
    const faults: SettingsFault[] = [];
    const path = scratch.in('broken', 'sound.json');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '{ "version": 1, "capture": { "mode": "loud" } }');
    const file = new SoundSettingsFile(path, (fault) => faults.push(fault));
    await file.load();
    expect(file.current).toEqual(usualSettings);
    expect(faults).toMatchObject([{ kind: 'broken', fileName: 'sound.json' }]);
    file.change((settings) => ({ ...settings, inputId: 'a' }));
    await file.settled();
    expect(await readFile(join(dirname(path), faults[0]!.keptAs!), 'utf8')).toContain('loud');
    const next = new SoundSettingsFile(path, (fault) => faults.push(fault));
    await next.load();
    expect([next.current.inputId, faults.length]).toEqual(['a', 1]);
  });

  it('is remembered by the next start', async () => {
    const path = scratch.in('profile', 'sound.json');
    const file = new SoundSettingsFile(path);
    file.change(() => chosen);
    await file.settled();
    const next = new SoundSettingsFile(path);
    await next.load();
    expect(next.current).toEqual(chosen);
  });

  it('keeps what it says beside what was changed before it was read', async () => {
    const path = scratch.in('early.json');
    await writeFile(path, settingsText(chosen));
    const file = new SoundSettingsFile(path);
    file.change((settings) => ({ ...settings, outputId: 'speakers' }));
    await file.settled();
    expect(parseSettings(await readFile(path, 'utf8')).settings).toEqual({
      ...chosen,
      outputId: 'speakers',
    });
  });

  it('does no harm where it can be neither read nor written', async () => {
    const path = scratch.in('folder.json');
    await mkdir(path);
    const file = new SoundSettingsFile(path);
    file.change(() => chosen);
    await file.settled();
    expect(file.current).toEqual(chosen);
  });
});
