import { isDeepStrictEqual } from 'node:util';
import { MessagePortHost, type MainPort } from '../bridge/messagePortHost.js';
import type { ClientHost, ClientHostOptions } from '../host/clientHost.js';
import type { FaceSettings } from '../host/faceSettings.js';
import { actOnVoice } from '../host/keyActions.js';
import type { UpdatesState } from '../host/updatesState.js';
import type { ShellGlance, ShellNews, ShellOrder } from './shellMessages.js';

/** What is used of Electron's `process.parentPort`. */
export interface ParentPort {
  postMessage(message: ShellNews): void;
  on(event: 'message', listener: (event: ParentMessage) => void): unknown;
}

export interface ParentMessage {
  readonly data: ShellOrder;
  readonly ports: readonly MainPort[];
}

export interface EngineServiceOptions {
  readonly parent: ParentPort;
  /** Opens the client; it is given what it is to tell of its settings. */
  readonly open: (options: Required<Pick<ClientHostOptions, 'onSettings'>>) => Promise<ClientHost>;
  /** Ends this process. */
  readonly exit: (code: number) => void;
}

/** Serves the windows and the tray of Electron, from the engine's own process. */
export async function serveShell({ parent, open, exit }: EngineServiceOptions): Promise<void> {
  const teller = new GlanceTeller((glance) => parent.postMessage({ kind: 'glance', glance }));
  const opening = open({ onSettings: (settings) => teller.settingsAre(settings) });
  parent.on('message', ({ data: order, ports: [port] }) => {
    void opening.then(
      (host) => obey({ host, parent, exit }, order, port),
      // What follows below ends this process.
      () => undefined,
    );
  });
  try {
    teller.follow(await opening);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    parent.postMessage({ kind: 'failed', message });
    // The message is to be there before the end.
    setTimeout(() => exit(1), 100);
  }
}

interface Served extends Omit<EngineServiceOptions, 'open'> {
  readonly host: ClientHost;
}

function obey({ host, parent, exit }: Served, order: ShellOrder, port: MainPort | undefined): void {
  switch (order.kind) {
    case 'window':
      if (port !== undefined) host.addPort(new MessagePortHost(port));
      return;
    case 'toggleMute':
    case 'toggleDeafen':
      actOnVoice(host.engine, order.kind, true);
      return;
    case 'link':
      openLink(host, order.text);
      return;
    case 'lookForUpdates':
      void lookForUpdates(host).then((updates) => parent.postMessage({ kind: 'updates', updates }));
      return;
    case 'quit':
      void host.close().finally(() => exit(0));
  }
}

async function lookForUpdates({ updates }: ClientHost): Promise<UpdatesState> {
  if (updates.state.problem === null) await updates.look();
  return updates.state;
}

/** Whatever the system hands over may be no link of ours: then there is nothing to show. */
function openLink(host: ClientHost, text: string): void {
  try {
    host.openLink(text);
  } catch {
    return;
  }
}

/** Tells the main process what it shows, whenever that is another. */
class GlanceTeller {
  private settings: FaceSettings | null = null;
  private host: ClientHost | null = null;
  private told: ShellGlance | null = null;

  constructor(private readonly tell: (glance: ShellGlance) => void) {}

  settingsAre(settings: FaceSettings): void {
    this.settings = settings;
    this.look();
  }

  follow(host: ClientHost): void {
    this.host = host;
    host.engine.subscribe(() => this.look());
    this.look();
  }

  private look(): void {
    const { settings, host } = this;
    if (settings === null || host === null) return;
    const { audio, connection } = host.engine.state;
    const glance: ShellGlance = {
      isMuted: audio.settings.isMuted,
      isDeafened: audio.isDeafened,
      isConnected: connection.phase === 'connected',
      language: settings.language,
      closesToTray: settings.closesToTray,
      startsWithSystem: settings.startsWithSystem,
    };
    if (isDeepStrictEqual(glance, this.told)) return;
    this.told = glance;
    this.tell(glance);
  }
}
