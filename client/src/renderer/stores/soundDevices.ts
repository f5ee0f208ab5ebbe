import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import type { DeviceInfo, StreamDirection } from '@rookery/client/engine/audio/device/audioDevice';
import { soundProblemOf } from '../model/soundProblem.js';
import { useClientStore } from './clientStore.js';
import { useSettingChanges } from './settingChanges.js';

/** Stands for the device that the system takes. */
const systemDevice = '';

/** The devices of one direction: which there are, which is taken, what is wrong, and choosing. */
export function useSoundDevices(direction: StreamDirection) {
  const client = useClientStore();
  const changes = useSettingChanges();
  const { t } = useI18n();
  const { sound } = client.commands;
  const setting = direction === 'input' ? 'sound.input' : 'sound.output';
  const choose = (deviceId: string | null): Promise<void> =>
    direction === 'input' ? sound.chooseInput(deviceId) : sound.chooseOutput(deviceId);

  const state = computed(() => client.state.audio[direction]);
  const isUsual = (device: DeviceInfo): boolean =>
    direction === 'input' ? device.isDefaultInput : device.isDefaultOutput;

  const choices = computed(() => {
    const channels = direction === 'input' ? 'inputChannels' : 'outputChannels';
    const devices = client.state.audio.devices.filter((device) => device[channels] > 0);
    const usual = devices.find(isUsual);
    const { wishedId } = state.value;
    const isThere = wishedId === null || devices.some(({ id }) => id === wishedId);
    return [
      { value: systemDevice, label: t('sound.systemDevice'), hint: usual?.name },
      ...devices.map((device) => ({
        value: device.id,
        label: device.name,
        hint: isUsual(device) ? t('sound.isDefault') : undefined,
      })),
      // What was chosen stays chosen while it is unplugged.
      ...(isThere ? [] : [{ value: wishedId, label: wishedId, hint: t('sound.isMissing') }]),
    ];
  });
  const chosen = computed(() => state.value.wishedId ?? systemDevice);

  /** In the user's language, with the next step; '' where all is well. */
  const problem = computed(() => {
    const { audio } = client.state;
    if (audio.phase === 'off' && audio.problem === null) return t('sound.off');
    const found = soundProblemOf(
      audio.problem === null ? state.value : { ...state.value, problem: audio.problem },
    );
    switch (found?.kind) {
      case undefined:
        return '';
      case 'fallback':
        return t('sound.problem.fallback', { device: found.deviceName });
      case 'known':
        return `${t(`sound.problem.${found.code}`)} (${found.detail})`;
      case 'other':
        return found.detail;
    }
  });

  function set(value: string): void {
    const before = state.value.wishedId;
    void changes.set(
      setting,
      () => choose(value === systemDevice ? null : value),
      () => choose(before),
    );
  }

  return { choices, chosen, problem, state, set };
}
