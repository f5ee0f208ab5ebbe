import { lineLevels } from '@rookery/schemas/adminApi';
import { z } from 'zod';
import type { LogWish } from './logWish.js';

const logLine = z.object({
  /** Milliseconds since 1970. */
  timeMs: z.number(),
  level: z.enum(lineLevels),
  part: z.string().nullable(),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
});
export const logLines = z.array(logLine);
export type LogLine = z.infer<typeof logLine>;

/** Pure. */
export function isShown({ level, part }: LogLine, wish: LogWish): boolean {
  if (lineLevels.indexOf(level) < lineLevels.indexOf(wish.level)) return false;
  return wish.part === undefined || part === wish.part;
}

/** Pure. */
export function logLineWords({ timeMs, level, part, message, fields }: LogLine): string {
  const given = Object.entries(fields).map(([name, field]) => {
    const shown = typeof field === 'string' ? field : JSON.stringify(field);
    return `${name}=${shown}`;
  });
  const time = new Date(timeMs).toISOString();
  const head = [time, level.padEnd(5), ...(part === null ? [] : [`${part}:`])];
  return [...head, message, ...given].join(' ');
}

/** Once a second; totals are since the server started. More than this is told to programs. */
export const figuresEvent = z.looseObject({
  sessions: z.number(),
  rooms: z.number(),
  speakers: z.number(),
  isDraining: z.boolean(),
  cpuSeconds: z.number(),
  rssBytes: z.number(),
  voice: z.looseObject({ framesIn: z.number(), framesOut: z.number() }),
});

/** Pure. */
export function figuresWords(figures: z.infer<typeof figuresEvent>): string {
  const { sessions, rooms, speakers, isDraining, cpuSeconds, rssBytes, voice } = figures;
  return [
    `${sessions} sessions, ${rooms} rooms, ${speakers} speak`,
    `frames ${voice.framesIn} in, ${voice.framesOut} out`,
    `CPU ${cpuSeconds.toFixed(1)} s, ${(rssBytes / 1_048_576).toFixed(0)} MiB`,
    ...(isDraining ? ['newcomers are turned away'] : []),
  ].join('; ');
}

const happening = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['came', 'went', 'moved']),
    atMs: z.number(),
    userId: z.string(),
    displayName: z.string(),
    roomId: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('act'),
    atMs: z.number(),
    action: z.string(),
    actorId: z.string().nullable(),
    targetId: z.string().nullable(),
    detail: z.string(),
    isRefused: z.boolean(),
  }),
]);
export const happenedEvent = z.object({
  happenings: z.array(happening),
  leftOut: z.number(),
});

/** Pure. */
export function happeningWords(happened: z.infer<typeof happening>): string {
  if (happened.kind !== 'act') {
    const { kind, displayName, roomId } = happened;
    const where = kind === 'moved' ? ` to ${roomId ?? 'no room'}` : '';
    return `${displayName} ${kind}${where}`;
  }
  const { action, actorId, targetId, detail, isRefused } = happened;
  const refused = isRefused ? ' (refused)' : '';
  const target = targetId === null ? '' : ` to ${targetId}`;
  const words = detail === '' ? '' : `: ${detail}`;
  return `${action}${refused} by ${actorId ?? 'the server'}${target}${words}`;
}
