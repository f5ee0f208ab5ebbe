import { kvGet, kvSet, readEvent, sendText, setting } from '../library/rookery';

export function onEvent(): i32 {
  const event = readEvent();
  const type = event.text('type');
  if (type != 'join' && type != 'roomChange') return 0;
  if (event.isNull('roomId') || event.flag('isBot')) return 0;
  const userId = event.text('userId');
  // Who cannot be remembered would be greeted again and again.
  if (kvGet(userId) !== null || !kvSet(userId, '1')) return 0;
  const words = setting('words').replace('NAME', event.text('userName'));
  sendText(event.text('roomId'), words);
  return 0;
}
