import { log, readEvent, sendText, setting } from '../library/rookery';

export function onEvent(): i32 {
  const event = readEvent();
  const type = event.text('type');
  if (type == 'start') log('it runs');
  if (type == 'command') {
    sendText(event.text('roomId'), `${setting('greeting')}, ${event.text('userName')}!`);
  }
  // In a client, where `[[keys]]` of plugin.toml names it and the user bound a key to it.
  if (type == 'key' && event.flag('isDown')) log(`${event.text('name')} was pressed`);
  return 0;
}
