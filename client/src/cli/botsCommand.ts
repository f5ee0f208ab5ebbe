import { resolveHost } from '@rookery/transport/resolveHost';
import type { StressTestOptions } from '@rookery/schemas/stressTest';
import { BotFleet } from '../bots/botFleet.js';
import { encodeSpokenSound } from '../bots/spokenSound.js';
import { ClientError } from '../engine/clientError.js';
import type { ServerAddress } from '../engine/serverAddress.js';
import type { Output } from './output.js';
import { findAdminPort } from './serverStats.js';
import { catchStopSignals } from './stopSignal.js';
import { missedStress, stressLine } from './stressWords.js';

export interface BotsOptions extends StressTestOptions {
  readonly server: ServerAddress;
  /** null: it is looked for. */
  readonly adminPort: number | null;
  /** Without it something like speech is made up. */
  readonly wav?: string;
  readonly namePrefix: string;
  readonly password: string;
  /** Of an operator; '' for none. */
  readonly pass: string;
}

/** Silence between the joining and the speaking, so that what silent bots cost is known. */
const quietSeconds = 1;

/**
 * Lets bots join, some of them speak, and tells what came of it.
 *
 * @throws ClientError `voiceUnreachable` where more than a thousandth was lost, or not all were
 *   there; all bots have left then, and the verdict is told
 */
export async function runBots(options: BotsOptions, output: Output): Promise<void> {
  const { server, password, pass, namePrefix } = options;
  const { count, rooms, seconds, ramp } = options;
  const speakers = Math.min(options.speakers, count);
  const stop = catchStopSignals();
  try {
    const sound = await encodeSpokenSound(options.wav ?? null);
    const host = await resolveHost(server.host);
    const port = server.port;
    const adminPort = options.adminPort ?? (await adminPortOf({ host, port }));
    const test = { count, speakers, rooms: Math.min(rooms, count), seconds, ramp };
    const fleet = new BotFleet(
      { test, host, port, adminPort, sound, namePrefix, password, pass, quietSeconds },
      (result) => output.progress({ event: 'bots', ...result }, stressLine(result)),
    );
    const { result } = await fleet.run(stop.signal);
    output.result({ event: 'bots', ...result }, result.verdict);
    const missed = missedStress(result);
    if (missed !== null) throw missed;
  } finally {
    stop.release();
  }
}

/** @returns null where the server is on another machine, or does not say */
async function adminPortOf(server: ServerAddress): Promise<number | null> {
  try {
    return await findAdminPort(server);
  } catch (error) {
    if (error instanceof ClientError) return null;
    throw error;
  }
}
