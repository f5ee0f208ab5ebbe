import { z } from 'zod';
import type { Output } from '../output.js';
import { catchStopSignals } from '../stopSignal.js';
import { openAdmin, readAnswer } from './adminCommand.js';
import {
  figuresEvent,
  figuresWords,
  happenedEvent,
  happeningWords,
  isShown,
  logLineWords,
  logLines,
} from './adminWords.js';
import type { SentEvent } from './eventDecoder.js';
import type { AdminOptions } from './loginCommand.js';
import type { LogWish } from './logWish.js';

/** Whether a command goes on after what is there now. */
export interface FollowOptions extends AdminOptions {
  readonly follow: boolean;
}

/**
 * Prints the newest lines of the server's log; or those that come, too, until Ctrl-C.
 *
 * @throws ClientError `disconnected` where the server ends it
 */
export async function showLogs(options: FollowOptions & LogWish, output: Output): Promise<void> {
  await follow(options, '/log', (event, told) => {
    if (event.name !== 'lines') return 'goOn';
    for (const line of told(z.object({ lines: logLines }), { lines: event.data }).lines) {
      if (isShown(line, options)) output.result({ event: 'logLine', ...line }, logLineWords(line));
    }
    return options.follow ? 'goOn' : 'end';
  });
}

/**
 * Prints the figures of the server; or once a second what they are and what happened, until
 * Ctrl-C.
 *
 * @throws ClientError `disconnected` where the server ends it
 */
export async function showEvents(options: FollowOptions, output: Output): Promise<void> {
  await follow(options, '/events', (event, told) => {
    if (event.name === 'figures') {
      const figures = told(figuresEvent, event.data);
      output.result({ event: 'figures', ...figures }, figuresWords(figures));
      return options.follow ? 'goOn' : 'end';
    }
    if (event.name !== 'happened') return 'goOn';
    const { happenings, leftOut } = told(happenedEvent, event.data);
    for (const happening of happenings) {
      output.result({ event: 'happened', ...happening }, happeningWords(happening));
    }
    if (leftOut > 0) output.result({ event: 'leftOut', leftOut }, `and ${leftOut} more`);
    return 'goOn';
  });
}

/** Checks what an event holds. @throws ClientError `protocolViolation` */
type Told = <Data>(schema: z.ZodType<Data>, data: unknown) => Data;

async function follow(
  options: AdminOptions,
  path: string,
  onEvent: (event: SentEvent, told: Told) => 'goOn' | 'end',
): Promise<void> {
  const client = await openAdmin(options);
  const told: Told = (schema, data) => readAnswer(schema, data, client);
  const stop = catchStopSignals();
  const enough = new AbortController();
  const until = AbortSignal.any([stop.signal, enough.signal]);
  try {
    await client.follow(path, until, (event) => {
      if (onEvent(event, told) === 'end') enough.abort();
    });
  } finally {
    stop.release();
  }
}
