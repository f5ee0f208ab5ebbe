/** Forms of the log on stderr. */
export const logFormats = ['auto', 'json', 'pretty'] as const;

export type LogFormat = (typeof logFormats)[number];
