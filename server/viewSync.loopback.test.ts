import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage, Uuid } from '@rookery/schemas/messages';
import { defaultRoomVoice, rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { controlLimits } from './limits.js';
import { ModelState, type ModelAnswer } from './testing/modelState.js';
import type { TestClient } from './testing/testClient.js';
import { startTestServer, type TestServer } from './testing/testServer.js';
import { damageIncrement, expectedView, numberOf, shownView } from './testing/viewerStage.js';

const clientCount = 50;
let server: TestServer;

afterEach(async () => {
  await server.close();
});

/** The clients of a real server, and the naive model of what they do. */
class Community {
  readonly model = new ModelState(controlLimits.state);
  readonly clients: TestClient[] = [];
  readonly subscribed = new Map<TestClient, readonly Uuid[]>();

  constructor(readonly random: SeededRandom) {}

  async enter(): Promise<void> {
    const displayName = `Client ${this.clients.length}`;
    const client = await server.join({ displayName });
    const { sessionToken, userId } = client.authOk!;
    this.model.addSession(sessionToken, userId, displayName);
    this.clients.push(client);
    this.subscribed.set(client, []);
  }

  async leave(): Promise<void> {
    const [client] = this.clients.splice(this.random.below(this.clients.length), 1);
    const { sessionToken } = client!.authOk!;
    const [witness] = this.clients;
    client!.close();
    this.model.removeSession(sessionToken);
    await witness!.until('the leaver is gone', () => !witness!.sessions.has(sessionToken));
  }

  /** A random command of somebody, answered as the model answers. */
  async step(where: string): Promise<void> {
    const { random, model } = this;
    const client = this.clients[random.below(this.clients.length)]!;
    const { sessionToken: token } = client.authOk!;
    const roomId = this.#anyRoom();
    const name = `Room ${random.below(12)}`;
    let command: CommandMessage;
    let answerOf: (createdId: Uuid | null) => ModelAnswer;
    switch (random.below(13)) {
      case 0:
        command = { type: FrameType.CreateRoom, isTemporary: false, parentId: roomId, name };
        answerOf = (createdId) => model.createRoom(createdId ?? 'none', roomId, name);
        break;
      case 1:
        command = { type: FrameType.RenameRoom, roomId, name };
        answerOf = () => model.renameRoom(roomId, name);
        break;
      case 2:
        command = { type: FrameType.DeleteRoom, roomId };
        answerOf = () => model.deleteRoom(roomId);
        break;
      case 3: {
        const voice = { ...defaultRoomVoice, speakersMax: random.below(9) };
        command = { type: FrameType.SetRoomVoice, roomId, ...voice };
        answerOf = () => model.setRoomVoice(roomId, voice);
        break;
      }
      case 4: {
        const self = { muted: random.chance(0.5), deafened: random.chance(0.5) };
        command = { type: FrameType.SetSelfState, ...self };
        answerOf = () => model.setSelfState(token, self);
        break;
      }
      case 5: {
        const roomIds = [roomId, this.#anyRoom()];
        this.subscribed.set(client, roomIds);
        command = { type: FrameType.Subscribe, roomIds };
        answerOf = () => 'done';
        break;
      }
      case 6: {
        const edit = { ...unchangedRoom, position: random.below(3), userLimit: random.below(4) };
        command = { type: FrameType.EditRoom, roomId, ...edit };
        answerOf = () => model.editRoom(roomId, edit);
        break;
      }
      case 7: {
        const parentId = this.#anyRoom();
        command = { type: FrameType.MoveRoom, roomId, parentId };
        answerOf = () => model.moveRoom(roomId, parentId);
        break;
      }
      case 8: {
        const secondId = this.#anyRoom();
        const isLink = random.chance(0.7);
        const type = isLink ? FrameType.LinkRooms : FrameType.UnlinkRooms;
        command = { type, firstId: roomId, secondId };
        answerOf = () =>
          isLink ? model.linkRooms(roomId, secondId) : model.unlinkRooms(roomId, secondId);
        break;
      }
      case 9: {
        const roomIds = [roomId, this.#anyRoom()].slice(random.below(3));
        command = { type: FrameType.Listen, roomIds };
        answerOf = () => model.listen(token, roomIds);
        break;
      }
      default:
        command = { type: FrameType.JoinRoom, roomId };
        answerOf = () => model.joinRoom(token, roomId);
    }
    const answer = await client.command(command);
    const isDone = answer.type === FrameType.CommandDone;
    const said = isDone ? 'done' : answer.code;
    expect(said, where).toBe(answerOf(isDone ? answer.createdId : null));
  }

  /** Waits until every view has the hash and the own session that it must, and looks at it. */
  async expectViews(where: string): Promise<void> {
    const { model } = this;
    for (const client of this.clients) {
      const { view } = client;
      const token = client.authOk!.sessionToken;
      const { roomId } = model.sessions.get(token)!;
      const rooms = [roomId, ...this.subscribed.get(client)!, ...model.heardBy(token)];
      const scope = (): ReadonlySet<Uuid> | 'all' =>
        view.showsEverybody
          ? 'all'
          : new Set(rooms.filter((id): id is Uuid => id !== null && model.rooms.has(id)));
      const isSettled = (): boolean => {
        const { own, hash } = expectedView(model, token, scope());
        // The own session is told last, and is no part with a hash.
        return isDeepStrictEqual(view.own, own) && numberOf(view.hash()) === hash;
      };
      // Rooms without members add nothing to the hash: that they are not told of any more may come
      // a moment later.
      const isAsExpected = (): boolean =>
        isSettled() &&
        isDeepStrictEqual(shownView(view, scope()), expectedView(model, token, scope()));
      await client.until(`${where}: the view of ${token} is the model's`, isAsExpected);
      expect(view.counters.unverifiable, where).toBe(0);
    }
  }

  #anyRoom(): Uuid {
    const ids = [...this.model.rooms.keys()];
    return this.random.chance(0.2) ? rootRoomId : ids[this.random.below(ids.length)]!;
  }
}

test('fifty clients see what the model says, and so do those that misheard', async () => {
  const seed = 7;
  const random = new SeededRandom(seed);
  const broadcast = { ...controlLimits.broadcast, membersForAllMax: 30 };
  server = await startTestServer({}, { broadcast });
  const community = new Community(random);
  let wasScoped = false;
  for (let round = 0; round < 12; round++) {
    const where = `seed ${seed}, round ${round}`;
    // Up across the limit at which not everybody is shown any more, and down again.
    const isComing = round < 6;
    while (isComing && community.clients.length < Math.min(clientCount, 12 * (round + 1))) {
      await community.enter();
    }
    for (const client of community.clients) {
      client.mishear = (message) =>
        random.chance(0.01) ? damageIncrement(random, message) : message;
    }
    for (let step = 0; step < 40; step++) await community.step(`${where}, step ${step}`);
    for (const client of community.clients) client.mishear = (message) => message;
    await community.step(where);
    await community.expectViews(where);
    wasScoped ||= !community.clients[0]!.view.showsEverybody;
    if (isComing) continue;
    for (let leaver = 0; leaver < 7; leaver++) await community.leave();
  }
  expect(wasScoped).toBe(true);
  expect(community.clients[0]!.view.showsEverybody).toBe(true);
  const asked = community.clients.reduce((sum, { view }) => sum + view.counters.resyncs, 0);
  expect(asked).toBeGreaterThan(0);
  const { resyncs } = server.running.stats() as { resyncs: { tree: number; members: number } };
  expect(resyncs.tree + resyncs.members).toBeGreaterThanOrEqual(asked);
});
