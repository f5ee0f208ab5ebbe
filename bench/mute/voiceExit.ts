import { readKind, VoiceKind } from '@rookery/schemas/voicePacket';
import { openUdpSocket } from '@rookery/transport/openUdpSocket';
import type { UdpSocketMaker } from '@rookery/transport/udpSocket';

/** Milliseconds since 1970 of a clock that goes on evenly, in this process. */
export function steadyNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** The voice socket of an engine, which notes when each packet of voice was given to the kernel. */
export class VoiceExit {
  /** As of steadyNowMs(), oldest first. */
  private leftAtMs: number[] = [];

  /** For `EngineOptions`. Pings go by unseen. */
  readonly openSocket: UdpSocketMaker = async (options) => {
    const socket = await openUdpSocket(options);
    return {
      get localAddress() {
        return socket.localAddress;
      },
      get counters() {
        return socket.counters;
      },
      send: (packet, offset, length, to) => {
        socket.send(packet, offset, length, to);
        if (readKind(packet, offset) === VoiceKind.Voice) this.leftAtMs.push(steadyNowMs());
      },
      close: () => socket.close(),
    };
  };

  /** Forgets what left so far. */
  clear(): void {
    this.leftAtMs = [];
  }

  /** How long ago the last one left; Infinity where none did since clear(). */
  quietForMs(): number {
    return steadyNowMs() - (this.leftAtMs.at(-1) ?? -Infinity);
  }

  /** @returns those that left after a moment */
  leftAfter(atMs: number): readonly number[] {
    return this.leftAtMs.filter((leftMs) => leftMs > atMs);
  }
}
