import { ClientError } from '../engine/clientError.js';
import type { EngineFault } from '../engine/engineState.js';
import { faultOf as sessionFaultOf } from '../engine/sessionFaults.js';
import type { EngineMessage, FaceMessage, HostPort } from './bridgeMessages.js';
import { changesBetween } from './statePatch.js';

/** Between two tellings: 30 a second are more than anybody sees. */
export const tellIntervalMs = 1_000 / 30;

export interface BridgeHostOptions {
  /** All that faces see, as plain data; parts that did not change are the same objects. */
  readonly read: () => object;
  /** As of `changesBetween`. */
  readonly wholes?: readonly string[];
  /**
   * @param port of the face that calls
   * @throws whatever the command throws; ClientError `invalidInput` where there is none such
   */
  readonly call: (command: string, args: readonly unknown[], port: HostPort) => Promise<unknown>;
  /** A face's port has closed. */
  readonly onGone?: (port: HostPort) => void;
}

interface Face {
  readonly port: HostPort;
  /** Was told everything up to the last telling; else it needs the whole state. */
  isCurrent: boolean;
}

/**
 * The engine's end of the bridge: shows one state to any number of faces, as changes at most 30
 * times a second, and carries out what they call. A face that does not keep up is told nothing
 * until it has taken what waits, and is then told everything: it costs the others nothing. One
 * thread.
 */
export class BridgeHost {
  private readonly faces = new Set<Face>();
  private told: object | null = null;
  private revision = 0;
  private toldAtMs = -Infinity;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: BridgeHostOptions) {}

  get faceCount(): number {
    return this.faces.size;
  }

  /** A face has come: it is told the whole state at once, until its port closes. */
  addPort(port: HostPort): void {
    const face: Face = { port, isCurrent: false };
    this.faces.add(face);
    port.onMessage = (message) => this.receive(face, message);
    port.onClose = () => {
      this.faces.delete(face);
      this.options.onGone?.(port);
    };
    this.tell();
  }

  /** The state is not what it was. Costs nothing while nobody looks. */
  changed(): void {
    if (this.faces.size === 0 || this.timer !== null) return;
    const waitMs = Math.max(0, this.toldAtMs + tellIntervalMs - performance.now());
    this.timer = setTimeout(() => this.tell(), waitMs);
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const { port } of [...this.faces]) port.close();
    this.faces.clear();
  }

  private tell(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.faces.size === 0) {
      this.told = null;
      return;
    }
    this.toldAtMs = performance.now();
    const state = this.options.read();
    const changes = this.told === null ? [] : changesBetween(this.told, state, this.options.wholes);
    if (this.told === null || changes.length > 0) this.revision++;
    this.told = state;
    for (const face of this.faces) this.tellFace(face, { state, changes });
    // Those that are behind are asked again, also where nothing changes any more.
    if ([...this.faces].some(({ isCurrent }) => !isCurrent)) this.changed();
  }

  private tellFace(
    face: Face,
    { state, changes }: Pick<EngineMessage & { kind: 'changes' }, 'changes'> & { state: object },
  ): void {
    const { revision } = this;
    if (face.port.isBehind) {
      if (changes.length > 0) face.isCurrent = false;
    } else if (!face.isCurrent) {
      face.isCurrent = true;
      face.port.send({ kind: 'state', revision, state });
    } else if (changes.length > 0) {
      face.port.send({ kind: 'changes', revision, changes });
    }
  }

  private receive(face: Face, message: FaceMessage): void {
    if (message.kind === 'tellAll') {
      face.isCurrent = false;
      this.changed();
      return;
    }
    void this.answer(face.port, message);
  }

  private async answer(port: HostPort, message: FaceMessage & { kind: 'call' }): Promise<void> {
    const { callId, command, args } = message;
    try {
      const result = await this.options.call(command, args, port);
      // What the command changed is seen before its answer is.
      this.tell();
      port.send({ kind: 'answer', callId, result });
    } catch (error) {
      port.send({ kind: 'fault', callId, fault: faultOf(error) });
    }
  }
}

function faultOf(error: unknown): EngineFault {
  if (error instanceof ClientError) return sessionFaultOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `the engine failed at this: ${message}` };
}
