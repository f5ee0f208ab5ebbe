/** Why keys do not work while another window has the keyboard. */
export type KeysProblem =
  /** Wayland shows no program the keys of others; it would take the GlobalShortcuts portal. */
  | 'wayland'
  /** There is no X display whose keys could be seen. */
  | 'noDisplay'
  /** The part that sees keys is not there for this system. */
  | 'notInstalled'
  /** The system wants its user to allow it first (macOS: Privacy & Security, Accessibility). */
  | 'notAllowed'
  /** The process that sees keys ended again and again. */
  | 'died';

/** Whether bound keys work everywhere, or only while a window of the client has the keyboard. */
export type KeysState =
  | { readonly phase: 'global'; readonly problem: null }
  /** Without a problem: they are not asked for, or not there yet. */
  | { readonly phase: 'windowOnly'; readonly problem: Exclude<KeysProblem, 'notInstalled'> | null }
  | { readonly phase: 'unsupported'; readonly problem: 'notInstalled' };

/** @returns the state that a problem leads to */
export function stateOfProblem(problem: KeysProblem): KeysState {
  if (problem === 'notInstalled') return { phase: 'unsupported', problem };
  return { phase: 'windowOnly', problem };
}

/** What tells whether the keys of all windows can be seen. */
export interface KeySurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @returns what stands against it before anything is tried; null: nothing */
export function problemAhead({ platform, env }: KeySurroundings): KeysProblem | null {
  if (platform !== 'linux' && platform !== 'freebsd') return null;
  // Under Wayland there is a DISPLAY, too, which shows the keys of old programs alone.
  const isWayland = env['XDG_SESSION_TYPE'] === 'wayland' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  if (isWayland) return 'wayland';
  return (env['DISPLAY'] ?? '') === '' ? 'noDisplay' : null;
}
