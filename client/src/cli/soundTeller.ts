import type { AudioState } from '../engine/audioState.js';
import type { DeviceState } from '../engine/audio/device/deviceState.js';
import type { Output } from './output.js';
import { decibels, lostPercent } from './soundScreen.js';

/** Tells of the sound as it changes: devices, who talks, levels now and then. */
export class SoundTeller {
  private last: AudioState | null = null;
  private levelsAtMs = -Infinity;
  /** Of those who talk: who leaves is not shown any more when it falls silent. */
  private readonly names = new Map<number, string>();

  /**
   * @param nameOf the display name of a session token
   * @param levelsEveryMs between two lines of levels
   */
  constructor(
    private readonly output: Pick<Output, 'progress'>,
    private readonly nameOf: (sessionToken: number) => string,
    private readonly levelsEveryMs: number,
  ) {}

  /** To be called with every State. @param nowMs monotonic milliseconds */
  follow(audio: AudioState, nowMs: number): void {
    const { last } = this;
    if (audio === last) return;
    this.last = audio;
    this.tellDevice('input', audio.input, last?.input);
    this.tellDevice('output', audio.output, last?.output);
    this.tellProblem(audio, last);
    this.tellTransmitting(audio, last);
    this.tellSpeakers(audio, last);
    this.tellLevels(audio, nowMs);
  }

  private tellDevice(side: 'input' | 'output', now: DeviceState, before?: DeviceState): void {
    const { phase, device, isFallback, problem } = now;
    const isSame =
      phase === before?.phase &&
      device?.id === before.device?.id &&
      problem?.message === before.problem?.message;
    if (isSame || phase === 'off' || phase === 'opening') return;
    const event = { event: 'device', side, phase, device, isFallback, problem };
    const name = device === null ? 'no device' : device.name;
    const why = problem === null ? '' : `: ${problem.message}`;
    this.output.progress(event, `${side}: ${name}${isFallback ? ' (fallback)' : ''}${why}`);
  }

  private tellProblem({ problem }: AudioState, before: AudioState | null): void {
    if (problem === null || problem.message === before?.problem?.message) return;
    this.output.progress({ event: 'soundFailed', ...problem }, `no sound: ${problem.message}`);
  }

  private tellTransmitting({ isTransmitting }: AudioState, before: AudioState | null): void {
    if (isTransmitting === (before?.isTransmitting ?? false)) return;
    const words = isTransmitting ? 'transmitting' : 'transmitting no longer';
    this.output.progress({ event: 'transmitting', isTransmitting }, words);
  }

  private tellSpeakers({ speakers }: AudioState, before: AudioState | null): void {
    for (const [sessionToken, { isTalking, isWhispering }] of speakers) {
      const was = before?.speakers.get(sessionToken)?.isTalking ?? false;
      if (was !== isTalking) this.tellTalking(sessionToken, isTalking, isWhispering);
    }
    for (const [sessionToken, { isTalking }] of before?.speakers ?? []) {
      if (isTalking && !speakers.has(sessionToken)) this.tellTalking(sessionToken, false, false);
    }
  }

  private tellTalking(sessionToken: number, isTalking: boolean, isWhispering: boolean): void {
    const displayName = this.names.get(sessionToken) ?? this.nameOf(sessionToken);
    if (isTalking) this.names.set(sessionToken, displayName);
    else this.names.delete(sessionToken);
    const verb = isWhispering ? 'whispers' : isTalking ? 'talks' : 'is silent';
    this.output.progress(
      { event: 'talking', sessionToken, displayName, isTalking, isWhispering },
      `${displayName} ${verb}`,
    );
  }

  private tellLevels(audio: AudioState, nowMs: number): void {
    if (audio.phase !== 'running' || nowMs - this.levelsAtMs < this.levelsEveryMs) return;
    this.levelsAtMs = nowMs;
    const { levels, speakers, capture, playback, expectedLossPct } = audio;
    const heard = [...speakers].map(([sessionToken, speaker]) => ({
      sessionToken,
      displayName: this.nameOf(sessionToken),
      ...speaker,
    }));
    const { microphone } = levels.capture;
    const words = [
      `in ${decibels(microphone.rmsDbfs).trim()}, out ${decibels(levels.outputRmsDbfs).trim()}`,
      ...heard.map((speaker) => {
        const lost = lostPercent(speaker)?.toFixed(1) ?? '0';
        return `${speaker.displayName} delay ${speaker.delayMs.toFixed(0)} ms, lost ${lost} %`;
      }),
    ];
    this.output.progress(
      { event: 'levels', levels, speakers: heard, capture, playback, expectedLossPct },
      words.join('; '),
    );
  }
}
