/**
 * All that a page in Electron has of it, as `window.rookeryShell`. The way to the engine comes as a
 * message of the window to itself, because only so a port is handed on: `EnginePortMessage` with
 * the port.
 */
export interface ShellBridge {
  /** Asks for a way to the engine; it comes when there is one, or word that there is none. */
  readonly askForEngine: () => void;
}

/** What the window tells itself. */
export type EnginePortMessage = 'rookery:engine' | 'rookery:engineGone';

/** Between the main process and a window. */
export const shellChannels = {
  askForEngine: 'rookery:askForEngine',
  engine: 'rookery:engine',
  engineGone: 'rookery:engineGone',
} as const satisfies Record<string, string>;
