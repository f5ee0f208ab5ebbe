/** English, of the part that the file is named after. */
export const permissionsWords = {
  permission: {
    traverse: {
      name: 'See who is there',
      hint: 'See who is in the room, and get to what is below it',
    },
    enter: {
      name: 'Enter',
      hint: 'Be in the room',
    },
    speak: {
      name: 'Speak',
      hint: 'Be heard in the room',
    },
    whisper: {
      name: 'Whisper',
      hint: 'Whisper to the room and to people in it',
    },
    listen: {
      name: 'Listen in',
      hint: 'Hear the room without being in it',
    },
    text: {
      name: 'Read and write',
      hint: 'Read and write messages in the room',
    },
    upload: {
      name: 'Attach files',
      hint: 'Attach files to messages',
    },
    react: {
      name: 'React',
      hint: 'Put reactions to messages',
    },
    createRoom: {
      name: 'Make rooms',
      hint: 'Make rooms below the room',
    },
    createTemporaryRoom: {
      name: 'Make temporary rooms',
      hint: 'Make rooms that go when they are empty',
    },
    editRoom: {
      name: 'Edit the room',
      hint: 'Rename, describe and configure the room',
    },
    moveRoom: {
      name: 'Move the room',
      hint: 'Put the room somewhere else in the tree',
    },
    deleteRoom: {
      name: 'Delete the room',
      hint: 'Delete the room with all that was written in it',
    },
    link: {
      name: 'Link rooms',
      hint: 'Link the room with others',
    },
    editAcl: {
      name: 'Change who may what',
      hint: 'Change the entries, groups and doors of the room',
    },
    muteOthers: {
      name: 'Mute others',
      hint: 'Mute others in the room',
    },
    deafenOthers: {
      name: 'Deafen others',
      hint: 'Keep others from hearing',
    },
    moveUsers: {
      name: 'Move people',
      hint: 'Move others into the room and out of it',
    },
    prioritySpeaker: {
      name: 'Speak first',
      hint: 'Speak while others are made quieter',
    },
    kick: {
      name: 'Kick',
      hint: 'End sessions of others',
    },
    ban: {
      name: 'Ban',
      hint: 'Keep keys and addresses away',
    },
    register: {
      name: 'Register',
      hint: 'Make guests members',
    },
    manageInvites: {
      name: 'Invite',
      hint: 'Make and withdraw invitations',
    },
    viewAddresses: {
      name: 'See addresses',
      hint: 'See from where others come',
    },
    administer: {
      name: 'Administer',
      hint: 'Change roles, groups and the server itself',
    },
    moderateText: {
      name: 'Moderate text',
      hint: 'Delete messages and files of others, see reports',
    },
    record: {
      name: 'Record',
      hint: 'Record what is heard, with the mark',
    },
  },
} as const;
