/** From the most to the fewest lines. */
export const logLevelNames = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof logLevelNames)[number];

/**
 * Parts of the server whose lines can be chosen apart from the others': the voice relay, QUIC and
 * sessions, the database, files of people, and the admin interface.
 */
export const logParts = ['relay', 'session', 'store', 'uploads', 'admin'] as const;

export type LogPart = (typeof logParts)[number];

/** Which lines are written. */
export interface LogLevels {
  /** Of everything that is not named apart. */
  readonly base: LogLevel;
  readonly parts: Readonly<Partial<Record<LogPart, LogLevel>>>;
}

/** To stand after "Allowed:". */
export const logLevelsAllowed =
  `${logLevelNames.join(', ')}; then, if wanted, ",part=level" for ` +
  `${logParts.join(', ')} (info,relay=debug)`;

/** @param text such as "info" or "warn,relay=debug" */
export function areLogLevels(text: string): boolean {
  return readLogLevels(text) !== null;
}

/** @param text checked with areLogLevels() */
export function parseLogLevels(text: string): LogLevels {
  const levels = readLogLevels(text);
  if (levels === null) throw new RangeError(`"${text}" are no log levels`);
  return levels;
}

function readLogLevels(text: string): LogLevels | null {
  const [base, ...rest] = text.split(',').map((piece) => piece.trim());
  if (!isLevel(base)) return null;
  const parts: Partial<Record<LogPart, LogLevel>> = {};
  for (const piece of rest) {
    const [part, level, surplus] = piece.split('=');
    if (!isPart(part) || !isLevel(level) || surplus !== undefined) return null;
    if (parts[part] !== undefined) return null;
    parts[part] = level;
  }
  return { base, parts };
}

export function isLevel(text: string | undefined): text is LogLevel {
  return logLevelNames.some((name) => name === text);
}

export function isPart(text: unknown): text is LogPart {
  return logParts.some((name) => name === text);
}
