import { expect, test } from 'vitest';
import { assertPluginLimits, pluginLimits } from './limits.js';

test('the limits do not contradict each other', () => {
  expect(() => assertPluginLimits(pluginLimits)).not.toThrow();
});

test('a value that cannot be handed over is noticed', () => {
  const limits = { ...pluginLimits, storeValueBytesMax: pluginLimits.askBytesMax };
  expect(() => assertPluginLimits(limits)).toThrow(/handed to the host/);
});
