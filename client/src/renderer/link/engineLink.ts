import { BridgeFace, RemoteFault, type Mirror } from '@rookery/client/bridge/bridgeFace';
import type { FacePort } from '@rookery/client/bridge/bridgeMessages';
import { remoteCommands, type RemoteCommands } from '@rookery/client/bridge/remoteCommands';

/** How long to wait before the engine is looked for again. */
const retryMs = 1_000;

/** A way to the engine that is opened again whenever it is gone. */
export class EngineLink {
  readonly commands: RemoteCommands;
  private face: BridgeFace | null = null;

  /** @param onGone the engine is not there; it is looked for again until it is */
  constructor(
    private readonly openPort: () => FacePort,
    private readonly mirror: Mirror,
    private readonly onGone: () => void,
  ) {
    this.commands = remoteCommands((command, args) => {
      const { face } = this;
      if (face !== null) return face.call(command, args);
      const fault = { code: 'disconnected', message: 'the engine is not running' } as const;
      return Promise.reject(new RemoteFault(fault));
    });
    this.open();
  }

  private open(): void {
    this.face = new BridgeFace(this.openPort(), this.mirror, () => {
      this.face = null;
      this.onGone();
      setTimeout(() => this.open(), retryMs);
    });
  }
}
