/** How long something can be made to hold: words are `admin.duration.NAME`. */
export const durations = [
  { name: 'hour', seconds: 3_600 },
  { name: 'day', seconds: 86_400 },
  { name: 'week', seconds: 604_800 },
  { name: 'month', seconds: 2_592_000 },
  { name: 'ever', seconds: 0 },
] as const;
