/** English, of the part that the file is named after. */
export const chatWords = {
  chat: {
    nowhere: 'Choose a room to read and write there.',
    empty: 'Nothing was written here yet. Say hello.',
    placeholder: 'Write to {room}',
    send: 'Send',
    deleted: 'This message was deleted.',
    edited: 'edited',
    jump: 'Jump to the newest',
    typing: '{names} is typing … | {names} are typing …',
    waiting: 'waits for the connection',
    refused: 'was not taken: {reason}',
    retry: 'Send again',
    discard: 'Forget it',
    answersOlder: 'answers an older message',
    react: 'React',
    edit: 'Edit',
    delete: 'Delete',
    reply: 'Answer',
    giveUp: 'Give up',
    purpose: { reply: 'Answers {name}', edit: 'Changes what {name} wrote' },
  },
} as const;
