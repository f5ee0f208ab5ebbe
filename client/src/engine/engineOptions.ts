import type { UdpSocketMaker } from '@rookery/transport/udpSocket';
import type { AudioDevice } from './audio/device/audioDevice.js';
import type { ServerAddress } from './serverAddress.js';
import type { SettingsFault } from './settingsFault.js';

/**
 * Whether a server is the right one, which only somebody can tell who asks its operator.
 *
 * @param fingerprint of its certificate, as parseFingerprint() writes it
 * @param signal given where nobody wants to know any more
 */
export type TrustQuestion = (
  server: { readonly address: ServerAddress; readonly fingerprint: string },
  signal: AbortSignal,
) => Promise<boolean>;

export interface EngineOptions {
  /** Holds identities and known servers; made when it is not there. */
  readonly profileFolder: string;
  /** Program and version, for the servers' logs. */
  readonly clientName: string;
  /** How long to wait for the handshake, for each answer, for the way of voice. A whole number. */
  readonly timeoutMs: number;
  /** How long to try to come back after the connection was lost; 0 does not try. */
  readonly reconnectMs: number;
  /**
   * Asked once a connect() where the identity has a passphrase; a lost connection is taken up again
   * without. It is to give up with the signal. Without it such identities cannot be used.
   */
  readonly passphrase?: (identityName: string, signal: AbortSignal) => Promise<string>;
  /**
   * Asked about a server that this profile never met, before anything is said to it; without it
   * such servers are remembered as they are.
   */
  readonly trust?: TrustQuestion;
  /** Opens the socket to the voice port; the platform's best where there is none. */
  readonly openVoiceSocket?: UdpSocketMaker;
  /** Opens microphone and headphones whenever the sound starts; no sound where left out. */
  readonly audio?: { readonly open: () => AudioDevice };
  /** Told where `sound.json` made no sense, and was kept beside itself. */
  readonly onSettingsFault?: (fault: SettingsFault) => void;
}

export interface ConnectOptions {
  readonly address: ServerAddress;
  readonly displayName: string;
  readonly password?: string;
  /** Of the account, which some have beside their key. */
  readonly accountPassword?: string;
  /** An invitation, or the owner's token. */
  readonly inviteCode?: string;
  /** Name of the identity (identityStore.ts); the one chosen for the server where there is none. */
  readonly identity?: string;
  /** A fingerprint that the user vouches for (serverPins.ts), as parseFingerprint() writes it. */
  readonly acceptedFingerprint?: string;
  /** One that a link says; it must fit, but replaces none that is remembered. */
  readonly expectedFingerprint?: string;
}
