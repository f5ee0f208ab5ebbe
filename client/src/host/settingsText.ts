import { z } from 'zod';

/** Makes of what a file of one version says what the next version would. Pure. */
export type Migration = (value: unknown) => unknown;

/** What the text of a file of settings says. */
export interface ReadSettings<Value> {
  /** null: nothing of it makes sense. */
  readonly value: Value | null;
  /** Entries that this program does not know; they are to be written again. */
  readonly foreign: object;
  /** Whether all of it makes sense. */
  readonly isWhole: boolean;
}

const envelope = z.looseObject({ version: z.int().positive(), value: z.unknown() });

/** More wrong entries than this, and nothing of it can be trusted. */
const mendedMax = 100;

/**
 * Reads the text of a file of settings. Entries that make no sense are left out; the schema's usual
 * holds in their place. Pure.
 *
 * @param migrations from version 1 to 2, from 2 to 3 …: the newest is one more than there are
 */
export function parseSettingsText<Value>(
  text: string,
  schema: z.ZodType<Value>,
  migrations: readonly Migration[],
): ReadSettings<Value> {
  const nothing = { value: null, foreign: {}, isWhole: false };
  try {
    const { version, value } = envelope.parse(JSON.parse(text));
    if (version > migrations.length + 1) return nothing;
    const current = migrations.slice(version - 1).reduce((said, migrate) => migrate(said), value);
    const whole = schema.safeParse(current);
    const mended = whole.success ? whole.data : mend(current, schema);
    if (mended === null) return nothing;
    return { value: mended, foreign: unknownIn(current, mended), isWhole: whole.success };
  } catch {
    return nothing;
  }
}

/** The text of a file that says `value`, and `foreign` besides. Pure. */
export function settingsText(
  value: unknown,
  foreign: object,
  migrations: readonly Migration[],
): string {
  const all = isRecord(value) ? { ...foreign, ...value } : value;
  return `${JSON.stringify({ version: migrations.length + 1, value: all }, null, 2)}\n`;
}

/** @returns what is left without the entries that make no sense; null: nothing */
function mend<Value>(said: unknown, schema: z.ZodType<Value>): Value | null {
  if (!isRecord(said) && !Array.isArray(said)) return null;
  let rest: unknown = said;
  for (let tries = 0; tries < mendedMax; tries++) {
    const result = schema.safeParse(rest);
    if (result.success) return result.data;
    const wrong = result.error.issues[0]?.path[0];
    if (wrong === undefined) return null;
    rest = without(rest, wrong);
  }
  return null;
}

function without(from: unknown, entry: PropertyKey): unknown {
  if (Array.isArray(from)) return (from as unknown[]).filter((_, at) => at !== entry);
  const entries = Object.entries(from as object).filter(([key]) => key !== entry);
  return Object.fromEntries(entries);
}

function unknownIn(said: unknown, known: unknown): object {
  if (!isRecord(said) || !isRecord(known)) return {};
  return Object.fromEntries(Object.entries(said).filter(([key]) => !(key in known)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
