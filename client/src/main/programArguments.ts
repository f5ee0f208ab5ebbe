/** What the client is told when it is started. */
export interface ProgramOptions {
  /** Folder of the profile. */
  readonly profile?: string | undefined;
  /** Folder of releases to look at for newer versions. */
  readonly updateUrl?: string | undefined;
  /** That those are signed by. */
  readonly updateKey?: string | undefined;
}

const names = { profile: 'profile', updateUrl: 'update-url', updateKey: 'update-key' } as const;
const entries = Object.entries(names) as [keyof ProgramOptions, string][];

/** Options as arguments, one word each: Electron's own stand among them. */
export function programArguments(options: ProgramOptions): string[] {
  return entries.flatMap(([key, name]) => {
    const value = options[key];
    return value === undefined ? [] : [`--${name}=${value}`];
  });
}

/** The options among whatever else a program was started with. */
export function optionsAmong(args: readonly string[]): ProgramOptions {
  const found = entries.flatMap(([key, name]) => {
    const begin = `--${name}=`;
    const given = args.find((arg) => arg.startsWith(begin));
    return given === undefined ? [] : [[key, given.slice(begin.length)] as const];
  });
  return Object.fromEntries(found);
}
