import type { FacePort } from '@rookery/client/bridge/bridgeMessages';
import { openShellPort, shellBridge } from './shellPort.js';
import { openWebSocketPort } from './webSocketPort.js';

/** A way to the engine, whichever shell shows this page. */
export function openEnginePort(): FacePort {
  const shell = shellBridge();
  return shell === null ? openWebSocketPort() : openShellPort(shell);
}
