import { stat, writeFile } from 'node:fs/promises';
import { FrameType } from '@rookery/schemas/frameType';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { ResumeTickets } from './resumeTickets.js';

const publicKey = new Uint8Array(32).fill(7);
const here = { host: 'a.example', port: 4_640, publicKey };
const there = { host: 'b.example', port: 4_640, publicKey };
const another = { ...here, publicKey: new Uint8Array(32).fill(8) };
let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(async () => {
  await scratch.remove();
});

const ticketOf = (byte: number, validSeconds = 60) => ({
  type: FrameType.ResumeTicket,
  ticket: new Uint8Array(32).fill(byte),
  validSeconds,
});

it('keeps the newest ticket of each server, for its owner alone', async () => {
  const folder = scratch.in('profile');
  const tickets = new ResumeTickets(folder);
  expect(await tickets.find(here)).toBeNull();
  for (const byte of [1, 2]) tickets.keep(here, ticketOf(byte));
  tickets.keep(there, ticketOf(3));
  await tickets.settled();
  const later = new ResumeTickets(folder);
  expect(await later.find(here)).toEqual(ticketOf(2).ticket);
  expect(await later.find(there)).toEqual(ticketOf(3).ticket);
  expect(await later.find(another)).toBeNull();
  const { mode } = await stat(`${folder}/resume_tickets.json`);
  if (process.platform !== 'win32') expect(mode & 0o077).toBe(0);
  later.drop(here);
  expect(await later.find(here)).toBeNull();
  expect(await later.find(there)).toEqual(ticketOf(3).ticket);
});

it('shows no ticket that has expired, and does without a file that is of no use', async () => {
  const tickets = new ResumeTickets(scratch.path);
  tickets.keep(here, ticketOf(1, 0));
  expect(await tickets.find(here)).toBeNull();
  await writeFile(scratch.in('resume_tickets.json'), '{ damaged');
  expect(await tickets.find(here)).toBeNull();
  tickets.keep(here, ticketOf(4));
  expect(await tickets.find(here)).toEqual(ticketOf(4).ticket);
});
