import { checkChaos, noChaos, type ChaosSettings } from '../engine/audio/tools/chaos.js';
import { ClientError } from '../engine/clientError.js';

const settingNames = {
  loss: 'lossPct',
  burst: 'burstLength',
  delay: 'delayMs',
  jitter: 'jitterMs',
  reorder: 'reorderPct',
  duplicate: 'duplicatePct',
} as const satisfies Readonly<Record<string, keyof ChaosSettings>>;

/**
 * Reads `loss=5,burst=3,delay=40,jitter=30,reorder=2,duplicate=1`, or some of that. Pure.
 *
 * @throws ClientError `invalidInput` saying what of it can be no setting
 */
export function parseChaos(text: string): ChaosSettings {
  const settings = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name = '', digits = ''] = /^\s*([a-z]+)=(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
    if (!Object.hasOwn(settingNames, name)) {
      const example = 'loss=5,burst=3,delay=40,jitter=30,reorder=2,duplicate=1';
      throw new ClientError('invalidInput', `"${part}" is no setting: write some of ${example}`);
    }
    const setting = settingNames[name as keyof typeof settingNames];
    if (settings.has(setting)) {
      throw new ClientError('invalidInput', `${name} is there twice: give it once`);
    }
    settings.set(setting, Number(digits));
  }
  const chaos: ChaosSettings = { ...noChaos, ...Object.fromEntries(settings) };
  checkChaos(chaos);
  return chaos;
}
