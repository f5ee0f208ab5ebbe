/** Of a sparkline's picture, in its own units, and how many values fit on it. */
export const sparkline = { width: 60, height: 16, places: 60 } as const;

/**
 * The points of a line through values, newest at the right end; gaps are left out. Pure.
 *
 * @param values NaN where nothing is known
 * @param places how many fit; a shorter line stands at the right
 * @param top what is drawn at the upper edge at least, so that nothing much looks like nothing much
 * @returns as `points` of a polyline; '' where there is nothing to draw
 */
export function sparklinePoints(values: ArrayLike<number>, places: number, top: number): string {
  const { width, height } = sparkline;
  let highest = top;
  for (let i = 0; i < values.length; i += 1) {
    if (values[i]! > highest) highest = values[i]!;
  }
  const points: string[] = [];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const x = ((places - values.length + i) / (places - 1)) * width;
    const y = height - (Math.max(0, value) / (highest || 1)) * (height - 1) - 0.5;
    points.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return points.join(' ');
}
