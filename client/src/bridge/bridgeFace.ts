import type { EngineFault } from '../engine/engineState.js';
import type { EngineMessage, FacePort } from './bridgeMessages.js';
import { applyChanges } from './statePatch.js';

/** A command failed. The code is the engine's; the message tells what to do next. */
export class RemoteFault extends Error {
  override readonly name = 'RemoteFault';

  constructor(readonly fault: EngineFault) {
    super(fault.message);
  }
}

/** Where a face keeps what it is shown; a store of the window. */
export interface Mirror {
  /** Takes the place of all there was. */
  replace(state: object): void;
  /** What is shown now, to be changed in place. */
  readonly state: object;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: RemoteFault) => void;
}

/** Said of calls whose answer cannot come any more. */
const goneFault: EngineFault = {
  code: 'disconnected',
  message: 'the engine is not running any more; it is started again',
};

/**
 * The face's end of the bridge: keeps a mirror of the state and carries calls to the engine. It
 * knows neither windows nor sockets.
 */
export class BridgeFace {
  private readonly waiting = new Map<number, Waiting>();
  private callId = 0;
  private revision = -1;
  private isGone = false;

  /** @param onClose the engine is gone: another face is needed for another port */
  constructor(
    private readonly port: FacePort,
    private readonly mirror: Mirror,
    onClose: () => void,
  ) {
    port.onMessage = (message) => this.receive(message);
    port.onClose = () => {
      this.isGone = true;
      for (const { reject } of this.waiting.values()) reject(new RemoteFault(goneFault));
      this.waiting.clear();
      onClose();
    };
  }

  /** @throws RemoteFault as the engine says, `disconnected` where it is gone */
  call(command: string, args: readonly unknown[]): Promise<unknown> {
    if (this.isGone) return Promise.reject(new RemoteFault(goneFault));
    const callId = ++this.callId;
    return new Promise((resolve, reject) => {
      this.waiting.set(callId, { resolve, reject });
      this.port.send({ kind: 'call', callId, command, args });
    });
  }

  private receive(message: EngineMessage): void {
    switch (message.kind) {
      case 'state':
        this.mirror.replace(message.state);
        this.revision = message.revision;
        return;
      case 'changes':
        this.change(message);
        return;
      case 'answer':
        this.take(message.callId)?.resolve(message.result);
        return;
      case 'fault':
        this.take(message.callId)?.reject(new RemoteFault(message.fault));
    }
  }

  private change({ revision, changes }: EngineMessage & { kind: 'changes' }): void {
    if (revision !== this.revision + 1) {
      this.port.send({ kind: 'tellAll' });
      return;
    }
    applyChanges(this.mirror.state, changes);
    this.revision = revision;
  }

  private take(callId: number): Waiting | undefined {
    const waiting = this.waiting.get(callId);
    this.waiting.delete(callId);
    return waiting;
  }
}
