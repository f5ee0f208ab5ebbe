import { afterEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { rootRoomId } from '@rookery/schemas/protocol';
import { openStore } from '../store/store.js';
import { controlLimits } from '../limits.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { pino } from 'pino';

let server: TestServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(...options: Parameters<typeof startTestServer>): Promise<TestServer> {
  server = await startTestServer(...options);
  return server;
}

const temporaryRoom = {
  ...{ type: FrameType.CreateRoom, parentId: rootRoomId, name: 'Test' },
  isTemporary: true,
} as const;

describe('somebody who says to be a bot', () => {
  test('is shown as one to everybody, and people are not', async () => {
    const { join } = await start();
    const ada = await join({ displayName: 'Ada' });
    const bot = await join({ displayName: 'Bot 1', botPass: '' });
    expect(bot.self.isBot).toBe(true);
    await ada.until('the bot is there', () => ada.sessions.has(bot.self.sessionToken));
    expect(ada.sessions.get(bot.self.sessionToken)!.isBot).toBe(true);
    expect(ada.self.isBot).toBe(false);
  });

  test('makes temporary rooms where guests may not, and is not remembered', async () => {
    const { join, running } = await start({ everyoneIs: 'guest' });
    const guest = await join();
    const bot = await join({ displayName: 'Bot 1', botPass: '' });
    expect((await guest.command(temporaryRoom)).type).toBe(FrameType.Error);
    expect((await bot.command(temporaryRoom)).type).toBe(FrameType.CommandDone);
    const { dataDirectory } = running.info;
    const [guestId, botId] = [guest.self.userId, bot.self.userId];
    await running.stop();
    const log = pino({ level: 'silent' });
    const store = await openStore({ dataDirectory, limits: controlLimits.store, log });
    expect(store.users.find(guestId)).not.toBeNull();
    expect(store.users.find(botId)).toBeNull();
    await store.close();
  });

  test('needs no password of the server where it comes from its machine', async () => {
    const { connect } = await start({ password: 'battery staple' });
    const bot = await connect();
    expect((await bot.login({ botPass: '' })).type).toBe(FrameType.AuthOk);
    const person = await connect();
    expect(await person.login()).toMatchObject({ reason: AuthFailure.WrongPassword });
  });

  test('is asked for the password where bots come as everybody does', async () => {
    const { connect } = await start({ bots: 'allow', password: 'battery staple' });
    const bot = await connect();
    expect(await bot.login({ botPass: '' })).toMatchObject({ reason: AuthFailure.WrongPassword });
  });

  test('is refused where no bots are let in, and counted', async () => {
    const { connect, running } = await start({ bots: 'refuse' });
    const bot = await connect();
    expect(await bot.login({ botPass: '' })).toMatchObject({ reason: AuthFailure.BotsRefused });
    expect(running.stats().protocolErrors.botsRefused).toBe(1);
  });

  test('is refused with a pass that nobody gave out', async () => {
    const { connect } = await start();
    const bot = await connect();
    const answer = await bot.login({ botPass: 'made up' });
    expect(answer).toMatchObject({ reason: AuthFailure.BotsRefused });
  });
});
