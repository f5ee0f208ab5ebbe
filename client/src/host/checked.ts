import { z } from 'zod';
import { ClientError } from '../engine/clientError.js';

/** @throws ClientError `invalidInput`, naming what is wrong */
export function checked<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ClientError('invalidInput', z.prettifyError(result.error));
}
