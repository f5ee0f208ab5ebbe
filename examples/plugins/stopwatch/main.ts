import { Fields, Panel, readEvent } from '../library/rookery';

/** When the lap began that is under way; 0 while none is. */
let beganAtMs: f64 = 0;
let laps = 0;
let lastMs: f64 = 0;
let bestMs: f64 = 0;

export function onEvent(): i32 {
  const event = readEvent();
  const wish = wishOf(event);
  if (wish == 'lap') noteLap(event.number('atMs'));
  if (wish == 'reset') reset();
  // Also at its start, when nobody wished for anything yet.
  show();
  return 0;
}

/** Keys and buttons have the same names here; a key acts when it goes down. */
function wishOf(event: Fields): string {
  const type = event.text('type');
  if (type == 'key') return event.flag('isDown') ? event.text('name') : '';
  return type == 'panelAction' ? event.text('id') : '';
}

function noteLap(nowMs: f64): void {
  if (beganAtMs != 0) {
    laps++;
    lastMs = nowMs - beganAtMs;
    bestMs = laps == 1 ? lastMs : Math.min(bestMs, lastMs);
  }
  beganAtMs = nowMs;
}

function reset(): void {
  beganAtMs = 0;
  laps = 0;
}

function show(): void {
  const panel = new Panel('Stopwatch');
  if (laps == 0) panel.label(beganAtMs == 0 ? 'It stands still.' : 'The first lap is under way.');
  else {
    panel.value('Laps', laps.toString());
    panel.value('The last', seconds(lastMs)).value('The best', seconds(bestMs));
  }
  panel
    .button('lap', beganAtMs == 0 ? 'Start' : 'Next lap')
    .button('reset', 'Begin anew')
    .show();
}

/** "12.3 s" */
function seconds(ms: f64): string {
  const tenths = i64(ms / 100);
  return `${tenths / 10}.${tenths % 10} s`;
}
