import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '@rookery/schemas/adminApi';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mountSmallDisk } from '../testing/smallDisk.js';
import { openLogFile } from './logFile.js';
import { areLogLevels, parseLogLevels } from './logLevels.js';
import { LogTail } from './logTail.js';
import { createServerLog, logOfPart } from './serverLog.js';

describe('levels', () => {
  test('are of all parts, and of single ones', () => {
    expect(parseLogLevels('info')).toEqual({ base: 'info', parts: {} });
    expect(parseLogLevels('warn, relay=debug,store=silent')).toEqual({
      ...{ base: 'warn', parts: { relay: 'debug', store: 'silent' } },
    });
  });

  test.each(['', 'loud', 'relay=debug', 'info,relay', 'info,relay=', 'info,x=debug', 'info,'])(
    'are not %j',
    (text) => {
      expect(areLogLevels(text)).toBe(false);
    },
  );

  test('change while it runs, for parts that are there and for requests of theirs', () => {
    let lines: string[] = [];
    const log = createServerLog(parseLogLevels('info,relay=debug'), {
      write: (line) => lines.push((JSON.parse(line) as { msg: string }).msg),
    });
    const [relay, admin] = [logOfPart(log.root, 'relay'), logOfPart(log.root, 'admin')];
    const say = (): string[] => {
      lines = [];
      log.root.debug('root');
      relay.debug('relay');
      admin.debug('admin');
      admin.child({ requestId: '1' }).debug('request');
      return lines;
    };
    expect(say()).toEqual(['relay']);
    log.setLevels(parseLogLevels('debug,relay=error'));
    expect(say()).toEqual(['root', 'admin', 'request']);
    log.setLevels(parseLogLevels('silent,admin=trace'));
    expect(say()).toEqual(['admin', 'request']);
  });
});

describe('the newest lines', () => {
  const lineOf = (msg: string, more: object = {}): string =>
    `${JSON.stringify({ level: 30, time: 5, ...more, msg })}\n`;

  test('are kept up to a number and a size', () => {
    const tail = new LogTail({ linesMax: 3, charactersMax: 200 });
    for (let count = 1; count <= 5; count++) tail.write(lineOf(`line ${count}`));
    const recent = (): string[] =>
      tail.recent().map(({ number, message }) => `${number} ${message}`);
    expect(recent()).toEqual(['3 line 3', '4 line 4', '5 line 5']);
    tail.write(lineOf('x'.repeat(150)));
    expect(tail.recent().map(({ number }) => number)).toEqual([6]);
    tail.write(lineOf('x'.repeat(500)));
    expect(recent()).toEqual([]);
    tail.write(lineOf('after'));
    expect(recent()).toEqual(['8 after']);
  });

  test('are found by level, part, text and number', () => {
    const tail = new LogTail();
    tail.write(lineOf('one', { part: 'relay', port: 4641 }));
    tail.write(lineOf('two', { level: 50, part: 'store' }));
    tail.write(lineOf('three', { level: 60 }));
    const found = (filter: Parameters<LogTail['recent']>[0]): string[] =>
      tail.recent(filter).map(({ message }) => message);
    expect(found({ level: 'error' })).toEqual(['two', 'three']);
    expect(found({ part: 'relay' })).toEqual(['one']);
    expect(found({ text: 'TWO' })).toEqual(['two']);
    expect(found({ text: '4641' })).toEqual(['one']);
    expect(found({ after: 1 })).toEqual(['two', 'three']);
    expect(found({ limit: 1 })).toEqual(['three']);
    expect(tail.recent({ limit: 1 })[0]).toEqual({
      ...{ number: 3, timeMs: 5, level: 'fatal', part: null, message: 'three', fields: {} },
    });
  });

  test('are told to who follows, until it does not any more', () => {
    const log = createServerLog(parseLogLevels('info'), { write: () => undefined });
    const heard: LogLine[] = [];
    const stop = log.tail.subscribe((line) => heard.push(line));
    logOfPart(log.root, 'relay').warn({ count: 2 }, 'hello');
    log.root.debug('not written');
    stop();
    log.root.info('later');
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      ...{ number: 1, level: 'warn', part: 'relay', message: 'hello', fields: { count: 2 } },
    });
    expect(log.tail.recent().map(({ message }) => message)).toEqual(['hello', 'later']);
  });
});

describe('log files', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rookery-log-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('begin anew at a size, and only some are kept', async () => {
    const faults: Error[] = [];
    const options = { path: join(directory, 'rookery.log'), maxMib: 1, keep: 1 };
    const file = await openLogFile(options, (error) => faults.push(error));
    const line = `${'x'.repeat(1_023)}\n`;
    const files = (): string[] => readdirSync(directory);
    const seen = new Set<string>();
    while (seen.size < 4) {
      for (let lines = 0; lines < 64; lines++) file.write(line);
      // The disk has to keep up, as it does with a log.
      await new Promise((resolve) => setTimeout(resolve, 1));
      for (const name of files()) seen.add(name);
    }
    await file.close();
    expect(faults).toEqual([]);
    expect(files().length).toBeLessThanOrEqual(3);
    expect([...seen][0]).toMatch(/^rookery\.\d{4}-\d\d-\d\d\.1\.log$/);
  });

  test('hold what was written when the log is closed', async () => {
    const path = join(directory, 'deep', 'rookery.log');
    const file = await openLogFile({ path, maxMib: 1, keep: 1 }, () => undefined);
    const log = createServerLog(parseLogLevels('info'), { write: () => undefined }, file);
    log.root.info('the last line');
    await log.close();
    const [name] = readdirSync(join(directory, 'deep'));
    expect(readFileSync(join(directory, 'deep', name!), 'utf8')).toContain('the last line');
  });

  test('that cannot be made are refused', async () => {
    writeFileSync(join(directory, 'file'), '');
    const path = join(directory, 'file', 'rookery.log');
    await expect(openLogFile({ path, maxMib: 1, keep: 1 }, () => undefined)).rejects.toMatchObject({
      code: 'invalidConfig',
    });
  });
});

test('a full disk is told once, and nothing waits for it', async (context) => {
  const disk = mountSmallDisk();
  try {
    if (!disk.isMounted) context.skip('a small disk cannot be mounted here');
    const faults: Error[] = [];
    const options = { path: join(disk.path, 'rookery.log'), maxMib: 100, keep: 1 };
    const file = await openLogFile(options, (error) => faults.push(error));
    const line = `${'x'.repeat(65_535)}\n`;
    while (file.dropped === 0 || faults.length === 0) {
      for (let lines = 0; lines < 16; lines++) file.write(line);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(faults).toHaveLength(1);
    expect(faults[0]!.message).toContain('ENOSPC');
    await file.close();
  } finally {
    disk.unmount();
  }
});
