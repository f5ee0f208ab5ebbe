/** English, of the part that the file is named after. */
export const tableWords = {
  table: {
    filter: 'Search in the table',
    refresh: 'Refresh',
    again: 'Try again',
    chosen: 'none chosen | one chosen | {n} chosen',
    choose: 'Choose {name}',
    chooseAll: 'Choose all',
    actions: 'Actions',
    actionsOf: 'What can be done with {name}',
    reading: 'Reading …',
    nothingFound: 'Nothing fits the search.',
    more: 'Show earlier ones',
  },
} as const;
