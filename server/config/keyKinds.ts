import type { SettingDescription } from '@rookery/schemas/adminApi';
import { z } from 'zod';

/** What a person, a form or a page of documentation is told about a key. */
export interface KeyDescription {
  readonly summary: string;
  /** Name of the value in `--help`, such as `PORT`. */
  readonly placeholder: string;
  /** Which values there are, to stand after "Allowed:". */
  readonly allowed: string;
  readonly kind: SettingDescription['type'];
  /** Whether a change holds at once, or from the next start on. */
  readonly reload: 'live' | 'restart';
  /** What a number counts. */
  readonly unit?: string;
  /** Least and largest number. */
  readonly range?: { readonly min: number; readonly max: number };
  /** All values of a choice. */
  readonly choices?: readonly string[];
  /** Its value is never shown. */
  readonly secret?: true;
  /** What holds where nothing is given and `configDefaults` does not say it. */
  readonly defaultText?: string;
}

const descriptions = z.registry<KeyDescription>();

type Described = Pick<KeyDescription, 'summary' | 'placeholder' | 'reload' | 'defaultText'>;

/** @returns what was said of the schema of a key */
export function descriptionOf(schema: z.ZodType): KeyDescription | undefined {
  const found = descriptions.get(schema);
  if (found !== undefined) return found;
  if (schema instanceof z.ZodOptional) return descriptionOf(schema.unwrap() as z.ZodType);
  // Text that is changed once it was checked.
  return schema instanceof z.ZodPipe ? descriptionOf(schema.in as z.ZodType) : undefined;
}

/** A whole number, also as text; `note` stands after the range. */
export function wholeNumber(
  min: number,
  max: number,
  { note, ...description }: Described & { readonly unit: string; readonly note?: string },
) {
  const allowed = `a whole number from ${min} to ${max}`;
  return z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max))
    .register(descriptions, {
      ...description,
      kind: 'number',
      range: { min, max },
      allowed: note === undefined ? allowed : `${allowed} (${note})`,
    });
}

/** One of some words. */
export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  description: Described,
) {
  return z.enum(values).register(descriptions, {
    ...description,
    kind: 'choice',
    choices: values,
    allowed: values.join(', '),
  });
}

const pathCharactersMax = 4_096;

/** Of a file or folder; in a file of settings it is meant relative to that file's folder. */
export function path(description: Described) {
  return z
    .string()
    .min(1)
    .max(pathCharactersMax)
    .refine((text) => !text.includes('\0'))
    .register(descriptions, { ...description, kind: 'path', allowed: 'a path' });
}

/** Text that a function takes or not. */
export function text(
  isAllowed: (text: string) => boolean,
  description: Described & Pick<KeyDescription, 'allowed' | 'secret'>,
) {
  return z
    .string()
    .refine(isAllowed)
    .register(descriptions, { ...description, kind: 'text' });
}
