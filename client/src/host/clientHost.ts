import { join } from 'node:path';
import { BridgeHost } from '../bridge/bridgeHost.js';
import type { HostPort } from '../bridge/bridgeMessages.js';
import type { CommandParts } from '../bridge/remoteCommands.js';
import { clientVersion } from '../clientVersion.js';
import { openEngine, type Engine } from '../engine/engine.js';
import type { ConnectOptions, EngineOptions } from '../engine/engineOptions.js';
import { parseServerLink } from '../engine/inviteLink.js';
import { formatServerAddress } from '../engine/serverAddress.js';
import type { SettingsFault } from '../engine/settingsFault.js';
import type { GlobalKeysOptions } from '../keys/globalKeys.js';
import { bindingsOf, type KeyAction } from '../keys/keyCombination.js';
import { keysInUse, pluginKeyOf } from '../keys/pluginKeys.js';
import { BookmarkDesk } from './bookmarkDesk.js';
import type { BookmarkDraft } from './bookmarks.js';
import { callCommand } from './callCommand.js';
import { checked } from './checked.js';
import {
  ClientStateReader,
  wholeEntries,
  type ClientState,
  type PendingLink,
} from './clientState.js';
import { connectOptions, type ConnectWish } from './connectWish.js';
import { DeveloperDesk } from './developerDesk.js';
import { faceSettings, keyAction, usualSettings, type FaceSettings } from './faceSettings.js';
import { actOnVoice, KeyActions } from './keyActions.js';
import { IdentityDesk } from './identityDesk.js';
import { Keychain, type SecretStore } from './keychain.js';
import { ServerDesk } from './serverDesk.js';
import { PluginDesk } from './pluginDesk.js';
import type { PluginsState } from './pluginsState.js';
import { MissedCalls } from './missedCalls.js';
import { SettingsFile } from './settingsFile.js';
import { UpdateDesk, type UpdateWays } from './updateDesk.js';
import { Whispering } from './whispering.js';
import { WindowFiles } from './windowFiles.js';
import { whisperWish, type WhisperWish } from './whisperLists.js';
import { UserPrompts } from './userPrompts.js';
import type { ShellCommands } from './shellCommands.js';

/** Older ones were seen, or nobody looks. */
const settingsFaultsMax = 4;

export interface ClientHostOptions extends Omit<EngineOptions, 'passphrase' | 'trust'> {
  /** Gets hold of the system's keychain; passwords are not kept where it is left out. */
  readonly keychain?: () => Promise<SecretStore | null>;
  /** What becomes of servers that were never met; the user is asked where it is left out. */
  readonly newServers?: 'ask' | 'remember';
  /** How keys of all windows are seen; left out: keys work while a window has the keyboard. */
  readonly keys?: GlobalKeysOptions;
  /** Where newer versions of this client are; left out: nowhere but where the settings say. */
  readonly updates?: UpdateWays;
  /** Told of the settings when they are read, and whenever they change. */
  readonly onSettings?: (settings: FaceSettings) => void;
}

/**
 * The process behind the windows: one engine, what is kept of the user's wishes, and the bridge to
 * any number of windows. Windows come and go; it goes on. Wishes are shown at once and written
 * behind that; a command resolves when they are on the disk.
 */
export class ClientHost implements ShellCommands {
  readonly engine: Engine;
  private readonly keychain = new Keychain(() => this.bridge.changed());
  private readonly keys = new KeyActions(
    (action, isDown) => this.actOn(action, isDown),
    () => this.bridge.changed(),
  );
  private readonly prompts = new UserPrompts(() => this.bridge.changed());
  private readonly reader = new ClientStateReader();
  private readonly bookmarks: BookmarkDesk;
  private readonly settingsFile: SettingsFile<FaceSettings>;
  private settings: FaceSettings = usualSettings;
  private settingsFaults: readonly SettingsFault[] = [];
  private pendingLink: PendingLink | null = null;
  private readonly whispering: Whispering;
  private readonly missedCalls = new MissedCalls();
  private readonly bridge: BridgeHost;
  /** Of each window that has called anything. */
  private readonly windowFiles = new Map<HostPort, WindowFiles>();
  private readonly desk: DeveloperDesk;
  private readonly servers: ServerDesk;
  private readonly identities: IdentityDesk;
  private readonly plugins: PluginDesk;
  readonly updates: UpdateDesk;
  /** Those whose keys are bound. */
  private keyedPlugins: PluginsState['installed'] = [];

  private constructor(private readonly options: ClientHostOptions) {
    const onFault = (fault: SettingsFault): void => this.tellFault(fault);
    this.engine = openEngine({
      ...options,
      onSettingsFault: onFault,
      passphrase: (identityName, signal) => this.prompts.askPassphrase(identityName, signal),
      ...(options.newServers !== 'remember' && {
        trust: (server, signal) => this.prompts.askTrust(server, signal),
      }),
    });
    this.bridge = new BridgeHost({
      read: () => this.readState(),
      wholes: wholeEntries,
      call: (command, args, port) =>
        this.desk.logged(command, () => callCommand(this.parts(port), command, args)),
      onGone: (port) => this.windowGone(port),
    });
    const { engine } = this;
    const { profileFolder } = options;
    this.desk = new DeveloperDesk(
      { engine, profileFolder, readState: () => this.readState() },
      () => this.bridge.changed(),
    );
    this.servers = new ServerDesk(profileFolder, () => this.bridge.changed());
    this.identities = new IdentityDesk(profileFolder);
    this.updates = new UpdateDesk({
      ...(options.updates ?? { installedVersion: clientVersion() }),
      profileFolder,
      settings: () => this.settings,
      isBusy: () => engine.state.audio.isTransmitting,
      onChange: () => this.bridge.changed(),
      onLog: (draft) => this.desk.log.add(draft),
    });
    this.engine.subscribe((state) => {
      this.missedCalls.follow(state);
      this.updates.follow();
      this.bridge.changed();
    });
    const lists = (): FaceSettings['whisperLists'] => this.settings.whisperLists;
    this.whispering = new Whispering(this.engine, lists, () => this.bridge.changed());
    const { keychain } = this;
    const onChange = (): void => this.bridge.changed();
    const { plugins: sound } = engine.sound;
    this.plugins = new PluginDesk({
      ...{ profileFolder, engine, sound },
      onChange: () => {
        this.pluginsChanged();
        onChange();
      },
      onRemoved: (name) => this.forgetKeysOf(name),
    });
    this.bookmarks = new BookmarkDesk({ profileFolder, keychain, onChange, onFault });
    this.settingsFile = new SettingsFile({
      path: join(profileFolder, 'client.json'),
      schema: faceSettings,
      usual: usualSettings,
      onFault,
    });
  }

  /**
   * Reads what is kept, and starts the sound.
   *
   * @throws where the profile's folder cannot be read or written
   */
  static async open(options: ClientHostOptions): Promise<ClientHost> {
    const host = new ClientHost(options);
    host.settings = await host.settingsFile.read();
    // What somebody edits by hand holds at once.
    const following = host.settingsFile.follow((settings) => host.takeSettings(settings));
    const desks = [host.servers, host.bookmarks, host.plugins, host.updates];
    await Promise.all([...desks.map((desk) => desk.open()), following]);
    if (options.audio !== undefined) host.engine.sound.start();
    if (options.keys !== undefined) host.keys.start(options.keys);
    host.settingsChanged();
    if (options.keychain !== undefined) void host.keychain.open(options.keychain);
    return host;
  }

  /** A window has come. */
  addPort(port: HostPort): void {
    this.bridge.addPort(port);
  }

  async connect(wish: ConnectWish): Promise<void> {
    const options = connectOptions(await this.bookmarks.withKeptPassword(wish));
    const { phase } = this.engine.state.connection;
    if (phase !== 'idle' && phase !== 'disconnected') await this.engine.disconnect();
    await this.engine.connect(options);
    await this.keepUse(options);
  }

  async disconnect(): Promise<void> {
    await this.engine.disconnect();
  }

  addBookmark(draft: BookmarkDraft): Promise<string> {
    return this.bookmarks.add(draft);
  }

  changeBookmark(bookmarkId: string, change: Partial<BookmarkDraft>): Promise<void> {
    return this.bookmarks.change(bookmarkId, change);
  }

  removeBookmark(bookmarkId: string): Promise<void> {
    return this.bookmarks.remove(bookmarkId);
  }

  moveBookmark(bookmarkId: string, at: number, group?: string): Promise<void> {
    return this.bookmarks.move(bookmarkId, at, group);
  }

  async changeSettings(change: Partial<FaceSettings>): Promise<void> {
    this.takeSettings(checked(faceSettings, { ...this.settings, ...change }));
    await this.settingsFile.write(this.settings);
  }

  answerPrompt(promptId: number, answer: string | null): Promise<void> {
    this.prompts.answer(promptId, answer);
    return Promise.resolve();
  }

  keepPassword(bookmarkId: string, password: string): Promise<void> {
    return this.bookmarks.keepPassword(bookmarkId, password);
  }

  forgetPassword(bookmarkId: string): Promise<void> {
    return this.bookmarks.forgetPassword(bookmarkId);
  }

  openLink(text: string): void {
    const { address, code, fingerprint } = parseServerLink(text);
    this.pendingLink = { address: formatServerAddress(address), inviteCode: code, fingerprint };
    this.bridge.changed();
  }

  takeLink(): void {
    this.pendingLink = null;
    this.bridge.changed();
  }

  async beginWhisper(wish: WhisperWish): Promise<void> {
    await this.whispering.begin(checked(whisperWish, wish));
  }

  endWhisper(): void {
    this.whispering.end();
  }

  forgetMissedCall(talkId: string): void {
    this.missedCalls.forget(talkId);
    this.bridge.changed();
  }

  dismissSettingsFaults(): void {
    this.settingsFaults = [];
    this.bridge.changed();
  }

  keyAction(action: KeyAction, isDown: boolean): void {
    this.keys.fromWindow(checked(keyAction, action), isDown);
  }

  /** Says goodbye to the server and to all windows. */
  async close(): Promise<void> {
    await Promise.all([this.engine.close(), this.keys.close(), this.plugins.close()]);
    await Promise.all([this.settingsFile.close(), this.bookmarks.close(), this.updates.close()]);
    this.bridge.close();
    this.desk.close();
    this.servers.close();
  }

  private takeSettings(settings: FaceSettings): void {
    this.settings = settings;
    this.settingsChanged();
    this.bridge.changed();
  }

  private tellFault(fault: SettingsFault): void {
    this.settingsFaults = [...this.settingsFaults, fault].slice(-settingsFaultsMax);
    this.bridge.changed();
  }

  private readState(): ClientState {
    const { settings, settingsFaults, pendingLink } = this;
    const bookmarks = this.bookmarks.all;
    const prompt = this.prompts.current;
    const { canKeep: canKeepPasswords } = this.keychain;
    const { state: keys } = this.keys;
    const { current: whisper, isRefused: isWhisperRefused } = this.whispering;
    const { shown: log } = this.desk.log;
    const recents = this.servers.recentsBeside(bookmarks);
    const kept = { bookmarks, recents, settings, settingsFaults, canKeepPasswords };
    const calls = { missedCalls: this.missedCalls.all };
    const { state: plugins } = this.plugins;
    const { state: updates } = this.updates;
    const shown = { prompt, keys, pendingLink, whisper, isWhisperRefused, log, plugins, updates };
    const own = { ...kept, ...calls, ...shown };
    return this.reader.read(this.engine.state, own);
  }

  /** Anew for each call: parts of the engine may be others after a new connection. */
  private parts(port: HostPort): CommandParts {
    const { engine, servers, identities, plugins, updates } = this;
    const { outgoing, text, talks, reading, moderation, accounts, access, files, sound } = engine;
    const parts = { outgoing, text, talks, reading, moderation, accounts, access, files, sound };
    const ofWindow = {
      developer: this.desk.toolsOf(port),
      windowFiles: this.filesOf(port),
      windowKeys: this.keys.ofWindow(port),
    };
    return { engine, shell: this, servers, identities, plugins, updates, ...ofWindow, ...parts };
  }

  private filesOf(port: HostPort): WindowFiles {
    const files = this.windowFiles.get(port) ?? new WindowFiles(this.engine.files);
    this.windowFiles.set(port, files);
    return files;
  }

  private windowGone(port: HostPort): void {
    this.keys.windowGone(port);
    this.desk.windowGone(port);
    this.windowFiles.get(port)?.close();
    this.windowFiles.delete(port);
  }

  private settingsChanged(): void {
    this.bindKeys();
    this.updates.settingsChanged();
    this.options.onSettings?.(this.settings);
  }

  /** Panels change often, and keys are not theirs. */
  private pluginsChanged(): void {
    const { installed } = this.plugins.state;
    if (installed === this.keyedPlugins) return;
    this.keyedPlugins = installed;
    this.bindKeys();
  }

  private bindKeys(): void {
    const { keyedPlugins: installed } = this;
    this.keys.bind(bindingsOf(keysInUse(this.settings, installed)));
  }

  /** Another plugin of that name is not to hear keys that were bound for this one. */
  private async forgetKeysOf(name: string): Promise<void> {
    const { pluginKeys } = this.settings;
    const others = pluginKeys.filter(({ plugin }) => plugin !== name);
    if (others.length < pluginKeys.length) await this.changeSettings({ pluginKeys: others });
  }

  private actOn(action: KeyAction, isDown: boolean): void {
    const ofPlugin = pluginKeyOf(action);
    if (ofPlugin !== null) this.plugins.key(ofPlugin, isDown);
    else if (!action.startsWith('whisper:')) actOnVoice(this.engine, action, isDown);
    else if (!isDown) this.endWhisper();
    // Where it cannot be, nobody hears what is said meanwhile, as `state.whisper` shows.
    else this.beginWhisper({ kind: 'list', listId: action.slice(8) }).catch(() => undefined);
  }

  private async keepUse({ address: to, displayName: nickname }: ConnectOptions): Promise<void> {
    const usedAtMs = Date.now();
    const { connection } = this.engine.state;
    const address = formatServerAddress(to);
    const serverName = 'serverName' in connection ? connection.serverName : '';
    await this.servers.noteUse({ address, nickname, serverName, usedAtMs });
    await this.bookmarks.noteUse(address, usedAtMs);
  }
}
