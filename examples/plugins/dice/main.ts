import { Chance, readEvent, sendText } from '../library/rookery';

const diceMax = 20;
const sidesMax = 1000;

export function onEvent(): i32 {
  const event = readEvent();
  if (event.text('type') == 'command') {
    sendText(event.text('roomId'), answerTo(event.text('args'), new Chance(event)));
  }
  return 0;
}

/** @param wish like 2d6; nothing is 1d6 */
function answerTo(wish: string, chance: Chance): string {
  const parts = (wish == '' ? '1d6' : wish.toLowerCase()).split('d');
  const dice = parts.length == 2 ? wholeNumber(parts[0] == '' ? '1' : parts[0]) : 0;
  const sides = parts.length == 2 ? wholeNumber(parts[1]) : 0;
  if (dice < 1 || dice > diceMax || sides < 2 || sides > sidesMax) {
    return `Write it like !dice 2d6: at most ${diceMax} dice with 2 to ${sidesMax} sides.`;
  }
  const thrown: string[] = [];
  let sum = 0;
  for (let die = 0; die < dice; die++) {
    const points = i32(chance.upTo(sides));
    sum += points;
    thrown.push(points.toString());
  }
  const shown = thrown.join(' + ');
  return dice == 1 ? `${dice}d${sides}: ${sum}` : `${dice}d${sides}: ${shown} = ${sum}`;
}

/** 0 for what is none. */
function wholeNumber(text: string): i32 {
  if (text.length == 0 || text.length > 4) return 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return 0;
  }
  return i32(parseInt(text));
}
