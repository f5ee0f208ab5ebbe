import { log, readEvent, sendText, setting } from '../library/rookery';

export function onEvent(): i32 {
  const event = readEvent();
  const type = event.text('type');
  if (type == 'start') log('it runs');
  if (type == 'command') {
    sendText(event.text('roomId'), `${setting('greeting')}, ${event.text('userName')}!`);
  }
  return 0;
}
