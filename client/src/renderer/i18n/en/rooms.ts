/** English, of the part that the file is named after. */
export const roomsWords = {
  tree: {
    name: 'Rooms',
    filter: 'Find a room or somebody',
    empty: 'Nothing here has such a name.',
    people: 'nobody | one is here | {n} are here',
    expand: 'Show what is in {room}',
    collapse: 'Hide what is in {room}',
    unread: '{n} unread',
    join: 'Join',
    read: 'Read without joining',
    menu: 'What to do with it',
    enterKey: 'Enter',
  },
} as const;
