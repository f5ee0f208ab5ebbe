import { expect, test } from 'vitest';
import { newUuid } from '@rookery/schemas/uuid';
import { uploadLimits } from '../uploadLimits.js';
import { UploadUsage } from './uploadUsage.js';

const anna = newUuid();
const berta = newUuid();
const limits = { ...uploadLimits, chargedBytesMin: 10, userBytesMax: 100, serverBytesMax: 150 };

test('refuses what a user or the server has no place for, and takes it once there is', () => {
  const usage = new UploadUsage(limits);
  usage.add({ userId: anna, sizeBytes: 90 });
  expect(usage.refuses({ userId: anna, sizeBytes: 10 })).toBeNull();
  expect(usage.refuses({ userId: anna, sizeBytes: 11 })).toBe('user');
  expect(usage.refuses({ userId: berta, sizeBytes: 60 })).toBeNull();
  expect(usage.refuses({ userId: berta, sizeBytes: 61 })).toBe('server');
  usage.remove({ userId: anna, sizeBytes: 90 });
  expect(usage.bytes).toBe(0);
  expect(usage.refuses({ userId: anna, sizeBytes: 100 })).toBeNull();
});

test('charges the smallest files for the place that they take', () => {
  const usage = new UploadUsage(limits);
  for (let count = 0; count < 10; count++) usage.add({ userId: anna, sizeBytes: 1 });
  expect(usage.refuses({ userId: anna, sizeBytes: 1 })).toBe('user');
});
