/** What NetEQ (Chromium 156, callbacks of 10 ms, its own choice of FEC) reached on one trace. */
export interface NetEqFigures {
  readonly added_mean: number;
  readonly added_p95: number;
  readonly concealed_pct: number;
}

/**
 * By the name of the kind of network. Measured once in real time, ± 15 ms from run to run where
 * there is jitter, on traces of these kinds: a yardstick for others of the same kind, not more.
 */
export const netEqFigures: ReadonlyMap<string, NetEqFigures> = new Map(
  (
    [
      ['none', 31.1, 39.7, 0],
      ['j10', 90.9, 91, 0.04],
      ['j30', 251.1, 263.1, 0.18],
      ['j10_ord', 82.6, 89.5, 0.05],
      ['j30_ord', 210.3, 229.1, 0.27],
      ['spike200', 33.5, 64.5, 0.29],
      ['wifi60', 81.8, 100.4, 0.07],
      ['loss01', 36.7, 48.8, 0.38],
      ['loss03', 33, 36.7, 0.41],
      ['loss05', 34.2, 37.5, 0.56],
      ['loss10', 26.3, 29.9, 2.27],
      ['loss15', 32.5, 53.5, 4.42],
      ['loss20', 33.1, 46.2, 5.34],
      ['loss30', 31.6, 45.5, 11.38],
      ['ge05', 28.9, 32.7, 2.42],
      ['ge10', 32.6, 44.3, 3.95],
      ['j10_loss05', 83.4, 97.3, 1.05],
      ['drift_p200', 25.4, 29.9, 0],
      ['drift_m200', 17.1, 22.4, 0],
      ['spurt', 25.8, 25.9, 0],
      ['spurt_j10', 92.6, 125.7, 0.07],
    ] as const
  ).map(([name, added_mean, added_p95, concealed_pct]) => [
    name,
    { added_mean, added_p95, concealed_pct },
  ]),
);
