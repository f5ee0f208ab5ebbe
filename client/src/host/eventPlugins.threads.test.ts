import { moduleHash } from '@rookery/plugins/examineModule';
import { KeyValueStore } from '@rookery/plugins/keyValueStore';
import { pluginLimits } from '@rookery/plugins/limits';
import { parseManifest } from '@rookery/plugins/manifest';
import type { LoadedPlugin } from '@rookery/plugins/pluginLibrary';
import { manifestOf } from '@rookery/plugins/testing/pluginStage';
import {
  allocImport,
  buildModule,
  endless,
  hostImport,
  op,
  saying,
  storeImport,
} from '@rookery/plugins/testing/wasmBuilder';
import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { initialState, type State, type StateListener } from '../engine/engineState.js';
import { fixedView } from '../engine/testing/fixedView.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { EventPlugins } from './eventPlugins.js';

const ada = '11111111-1111-4111-8111-111111111111';
const ben = '22222222-2222-4222-8222-222222222222';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(() => scratch.remove());

const person = (sessionToken: number, userId: string, displayName: string) => ({
  ...{ ...defaultSession, sessionToken, userId, displayName, roomId: rootRoomId },
});
const lobby = { ...defaultRoom, roomId: rootRoomId, parentId: null, name: 'Lobby' };

function stateWith(change: Partial<State>, people = [person(1, ada, 'Ada')]): State {
  const connection = { phase: 'connected', userId: ada } as State['connection'];
  return { ...initialState, connection, view: fixedView([lobby], people, 1), ...change };
}

/** What plugins are told and do, on a State that the test moves. */
class Stage {
  readonly sent: string[] = [];
  readonly off: string[] = [];
  readonly plugins: EventPlugins;
  private listener: StateListener = () => undefined;
  private state = stateWith({});
  private nowMs = 1_700_000_000_000;

  constructor() {
    const isState = (): State => this.state;
    this.plugins = new EventPlugins({
      engine: {
        get state() {
          return isState();
        },
        subscribe: (listener) => {
          this.listener = listener;
          return () => undefined;
        },
        sendMessage: (_roomId, text) => {
          this.sent.push(text);
          return Promise.resolve(ben);
        },
      },
      library: {
        openStore: (name) => KeyValueStore.open(scratch.in(`${name}.json`), pluginLimits),
      },
      onChange: () => undefined,
      onOff: (name) => this.off.push(name),
      wallClockMs: () => (this.nowMs += 1),
    });
  }

  become(state: State): void {
    this.state = state;
    this.listener(state);
  }

  say(userId: string, text: string): void {
    const message = { messageId: ben, roomId: rootRoomId, userId, displayName: 'X', text };
    const messages = [...this.state.messages, message as State['messages'][number]];
    this.become({ ...this.state, messages });
  }
}

const stages: Stage[] = [];
afterEach(async () => {
  for (const { plugins } of stages.splice(0)) await plugins.close();
});

/** A plugin that calls one function of its host at every event, its start among them. */
async function staged(call: string, input: object, lines: readonly string[], body?: number[]) {
  const module = buildModule({
    imports: [allocImport, storeImport, hostImport(call)],
    body: [body ?? [...saying(2, JSON.stringify(input)), ...op.drop]],
  });
  const text = manifestOf(module, { name: 'staged', lines: ['kind = "client"', ...lines] });
  const manifest = parseManifest(text);
  const approved = { sha256: moduleHash(module), permissions: manifest.permissions };
  const standing = { approved, isEnabled: true, offReason: null };
  const loaded: LoadedPlugin = { manifest, module, standing, isApproved: true };
  const stage = new Stage();
  stages.push(stage);
  await stage.plugins.run([loaded]);
  return stage;
}

const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 10_000 });

test('what a plugin writes carries its mark, answers others, and never itself', async () => {
  const input = { roomId: rootRoomId, text: 'hello' };
  const lines = ['permissions = ["sendText", "readMessages"]', 'events = ["message"]'];
  const stage = await staged('sendText', input, lines);
  await until(() => stage.sent).toEqual(['[plugin staged] hello']);
  stage.say(ada, '[plugin staged] hello');
  stage.say(ben, 'hi');
  await until(() => stage.sent).toHaveLength(2);
  for (let times = 0; times < 10; times++) stage.say(ben, 'hi again');
  await until(() => stage.plugins.logOf('staged')).toEqual([]);
  // Five in ten seconds, and no more.
  await until(() => stage.sent).toHaveLength(5);
  await stage.plugins.run([]);
  expect(stage.sent).toHaveLength(5);
});

test('a plugin writes to rooms alone, not to people', async () => {
  const saidTo = (roomId: string, text: string): number[] => [
    ...saying(2, JSON.stringify({ roomId, text })),
    ...op.drop,
  ];
  const body = [...saidTo(ben, 'psst'), ...saidTo(rootRoomId, 'hello')];
  const stage = await staged('sendText', {}, ['permissions = ["sendText"]'], body);
  await until(() => stage.sent).toEqual(['[plugin staged] hello']);
});

test('a plugin hears who comes, and shows a panel while it is on', async () => {
  const rows = [{ kind: 'button', id: 'again', label: 'Again' }];
  const lines = ['permissions = ["panel"]'];
  const stage = await staged('setPanel', { title: 'Counter', rows }, lines);
  await until(() => stage.plugins.panels).toEqual([{ name: 'staged', title: 'Counter', rows }]);
  stage.plugins.panelAction('staged', 'again');
  expect(() => stage.plugins.panelAction('staged', 'other')).toThrow(/has changed/);
  await stage.plugins.run([]);
  expect(stage.plugins.panels).toEqual([]);
});

test.each([
  [['permissions = ["sendText", "readUsers"]', 'events = ["join"]'], 2],
  [['permissions = ["sendText", "readUsers"]', 'events = ["leave"]'], 1],
])('a plugin is told of what it asked for, and of nothing else: %s', async (lines, times) => {
  const stage = await staged('sendText', { roomId: rootRoomId, text: 'x' }, lines);
  await until(() => stage.sent).toHaveLength(1);
  stage.become(stateWith({}, [person(1, ada, 'Ada'), person(2, ben, 'Ben')]));
  await until(() => stage.sent).toHaveLength(times);
  stage.become(stateWith({ connection: { phase: 'idle' } }));
  stage.become(stateWith({}, [person(1, ada, 'Ada'), person(3, ben, 'Ben')]));
  await stage.plugins.run([]);
  expect(stage.sent).toHaveLength(times);
});

test('a plugin is told of its own keys, and neither of others nor of any without', async () => {
  const key = ['[[keys]]', 'name = "toggle"', 'title = "On or off"'];
  const input = { roomId: rootRoomId, text: 'x' };
  const stage = await staged('sendText', input, ['permissions = ["sendText", "keys"]', ...key]);
  await until(() => stage.sent).toHaveLength(1);
  stage.plugins.key('staged', 'enter', true);
  stage.plugins.key('other', 'toggle', true);
  stage.plugins.key('staged', 'toggle', true);
  stage.plugins.key('staged', 'toggle', false);
  await until(() => stage.sent).toHaveLength(3);
  await stage.plugins.run([]);
  stage.plugins.key('staged', 'toggle', true);
  expect(stage.sent).toHaveLength(3);
});

test('one that spins is switched off, and says so', async () => {
  const stage = await staged('setPanel', {}, ['permissions = ["panel"]'], [...endless]);
  await until(() => stage.off).toEqual(['staged']);
  await stage.plugins.run([]);
  expect(stage.plugins.logOf('staged').at(-1)).toMatchObject({ level: 'error' });
});
