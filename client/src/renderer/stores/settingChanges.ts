import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { CaptureSettings } from '@rookery/client/engine/audio/capture/captureThread';
import type { FaceSettings } from '@rookery/client/host/faceSettings';
import { useClientStore } from './clientStore.js';
import { useNotices } from './notices.js';

/** Something that the user set, and the way back. */
export interface SettingChange {
  /** Key of the words for it. */
  readonly setting: string;
  readonly undo: () => Promise<unknown>;
}

/** Nobody goes further back. */
const changesMax = 100;

/** A slider that is dragged is one change: so much later, in milliseconds, another one begins. */
const mergedMsMax = 1_000;

/**
 * What is set on the pages of the settings: at once, and with a way back. Each change takes what
 * was there before; undoing takes the last one back.
 */
export const useSettingChanges = defineStore('settingChanges', () => {
  const client = useClientStore();
  const notices = useNotices();
  const changes = shallowRef<readonly SettingChange[]>([]);
  let changedAtMs = -Infinity;

  const last = computed(() => changes.value.at(-1) ?? null);

  /**
   * Does what the user set, says what went wrong, and remembers the way back.
   *
   * @param setting key of the words for it
   */
  async function set(
    setting: string,
    apply: () => Promise<unknown>,
    undo: () => Promise<unknown>,
  ): Promise<void> {
    const nowMs = performance.now();
    const isSame = last.value?.setting === setting && nowMs - changedAtMs < mergedMsMax;
    changedAtMs = nowMs;
    if (!isSame) changes.value = [...changes.value, { setting, undo }].slice(-changesMax);
    const kept = last.value;
    if (await notices.attempt(apply)) return;
    if (!isSame) changes.value = changes.value.filter((change) => change !== kept);
  }

  /** Sets what the host keeps: looks, notifications, privacy. */
  function setFace(setting: string, change: Partial<FaceSettings>): Promise<void> {
    const { shell } = client.commands;
    const before = pick(client.state.settings, change);
    return set(
      setting,
      () => shell.changeSettings(change),
      () => shell.changeSettings(before),
    );
  }

  /** Sets how sound is captured. */
  function setSound(setting: string, change: Partial<CaptureSettings>): Promise<void> {
    const { sound } = client.commands;
    const before = pick(client.state.audio.settings, change);
    return set(
      setting,
      () => sound.configure(change),
      () => sound.configure(before),
    );
  }

  /** Takes the last change back. @returns which; null: there was none */
  async function undo(): Promise<string | null> {
    const change = last.value;
    if (change === null) return null;
    changes.value = changes.value.slice(0, -1);
    changedAtMs = -Infinity;
    await notices.attempt(change.undo);
    return change.setting;
  }

  /** What was changed so far is there to stay. */
  function forget(): void {
    changes.value = [];
  }

  return { last, set, setFace, setSound, undo, forget };
});

/** Of `whole` what `change` would change, as plain data. */
function pick<Whole extends object>(whole: Whole, change: Partial<Whole>): Partial<Whole> {
  const entries = Object.keys(change).map((key) => [key, Reflect.get(whole, key) as unknown]);
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Partial<Whole>;
}
