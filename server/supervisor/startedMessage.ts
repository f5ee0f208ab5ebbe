import type { StartInfo } from '../startBlock.js';

/** What a server tells its supervisor once it runs. */
export interface StartedMessage {
  readonly type: 'started';
  readonly port: number;
  readonly voicePort: number;
  readonly adminPort: number;
}

export function startedMessage({ quic, voice, admin }: StartInfo): StartedMessage {
  return { type: 'started', port: quic.port, voicePort: voice.port, adminPort: admin.port };
}

export function isStartedMessage(message: unknown): message is StartedMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'started'
  );
}

/** Options by which the next run has the ports of this one; the last one of a name counts. */
export function portOptions({ port, voicePort, adminPort }: StartedMessage): readonly string[] {
  return ['--port', `${port}`, '--voice-port', `${voicePort}`, '--admin-port', `${adminPort}`];
}
