import type { FacePort } from '@rookery/client/bridge/bridgeMessages';
import { MessagePortFace, type PagePort } from '@rookery/client/bridge/messagePortFace';
import type { EnginePortMessage, ShellBridge } from '@rookery/client/preload/shellBridge';

/** What Electron shows a page; a browser shows nothing of the kind. */
export function shellBridge(): ShellBridge | null {
  return (window as { readonly rookeryShell?: ShellBridge }).rookeryShell ?? null;
}

/** To the engine's process, as Electron's main process lets it. */
export function openShellPort(shell: ShellBridge): FacePort {
  const face = new MessagePortFace();
  const onMessage = ({ source, data, ports }: MessageEvent<EnginePortMessage>): void => {
    if (source !== window) return;
    const [port] = ports;
    if (data === 'rookery:engine' && port !== undefined) face.attach(port as PagePort);
    if (data !== 'rookery:engineGone') return;
    window.removeEventListener('message', onMessage);
    face.close();
  };
  window.addEventListener('message', onMessage);
  shell.askForEngine();
  return face;
}
