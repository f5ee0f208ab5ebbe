/** The folder that `--profile` names; null where it does not stand there. */
export function profileAmong(args: readonly string[]): string | null {
  const given = args.find((arg) => arg.startsWith('--profile='));
  return given === undefined ? null : given.slice('--profile='.length);
}
