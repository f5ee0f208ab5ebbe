import type { CommandMessage } from '@rookery/schemas/messages';
import { z } from 'zod';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A command of the protocol as a route. */
export interface CommandRoute {
  readonly method: Method;
  /** Below `/api/v1`; `:name` takes the field of that name from the path. */
  readonly path: string;
  readonly summary: string;
  /** Group in the documentation. */
  readonly tag: string;
  readonly params: z.ZodObject;
  /** Of GET and DELETE; null where there is nothing to say. */
  readonly query: z.ZodObject | null;
  /** Of the other methods. */
  readonly body: z.ZodObject | null;
  /** @param given all fields together, checked */
  readonly command: (given: never) => CommandMessage;
}

interface RouteParts<Fields extends z.ZodRawShape> {
  readonly tag: string;
  readonly summary: string;
  readonly fields: Fields;
  readonly command: (given: z.output<z.ZodObject<Fields>>) => CommandMessage;
}

/**
 * @param place "METHOD /path": fields that stand in the path are taken from there, the others from
 *   the query (GET, DELETE) or the JSON body. Nothing else is taken.
 */
export function commandRoute<Fields extends z.ZodRawShape>(
  place: `${Method} /${string}`,
  { tag, summary, fields, command }: RouteParts<Fields>,
): CommandRoute {
  const [method, path] = place.split(' ') as [Method, string];
  const inPath = new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  const entries = Object.entries(fields);
  const of = (wanted: boolean): z.ZodObject =>
    z.strictObject(Object.fromEntries(entries.filter(([name]) => inPath.has(name) === wanted)));
  const others = of(false);
  const isEmpty = Object.keys(others.shape).length === 0;
  const inQuery = method === 'GET' || method === 'DELETE';
  return {
    ...{ method, path, tag, summary, params: of(true), command },
    query: inQuery && !isEmpty ? others : null,
    body: inQuery || isEmpty ? null : others,
  };
}
