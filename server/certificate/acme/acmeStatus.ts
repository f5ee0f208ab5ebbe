/** What ACME does for a server. Times are milliseconds since 1970; null: never yet. */
export interface AcmeStatus {
  readonly domains: readonly string[];
  /** URL of the authority's directory. */
  readonly directory: string;
  readonly isTrying: boolean;
  readonly lastTryMs: number | null;
  readonly lastSuccessMs: number | null;
  readonly nextTryMs: number;
  /** In a row, up to now. */
  readonly failures: number;
  /** Of the last try; null where that went well. */
  readonly lastFault: string | null;
}
