import { deleteMessage, log, readEvent, sendText, setting } from '../library/rookery';

export function onEvent(): i32 {
  const event = readEvent();
  if (event.text('type') != 'message') return 0;
  if (!holdsUnwanted(event.text('text').toLowerCase())) return 0;
  const roomId = event.text('roomId');
  if (!deleteMessage(roomId, event.text('messageId'))) {
    log('a message could not be deleted: give the filter the role of a moderator');
    return 0;
  }
  sendText(roomId, `A message of ${event.text('userName')} held a word that is not wanted here.`);
  return 0;
}

/** Whole words alone: "class" holds no other one. */
function holdsUnwanted(text: string): bool {
  const unwanted = setting('words').toLowerCase().split(',');
  for (let index = 0; index < unwanted.length; index++) {
    const word = unwanted[index].trim();
    if (word.length == 0) continue;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (!isLetter(text, at - 1) && !isLetter(text, at + word.length)) return true;
    }
  }
  return false;
}

/** Beyond ASCII everything counts as one. */
function isLetter(text: string, at: i32): bool {
  if (at < 0 || at >= text.length) return false;
  const code = text.charCodeAt(at);
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}
