import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { refusal, type Refusal } from '../state/outcome.js';

export function registerWhisper(): Refusal {
  return refusal(ErrorCode.NotPermitted, 'This server relays no whispers.');
}

export function removeWhisper(): Refusal {
  return refusal(ErrorCode.InvalidField, 'There is no such whisper list.');
}
