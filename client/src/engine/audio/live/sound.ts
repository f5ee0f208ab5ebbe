import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Uuid } from '@rookery/schemas/messages';
import { audioOff, type AudioState } from '../../audioState.js';
import { ClientError } from '../../clientError.js';
import type { EngineFault, State, StateListener } from '../../engineState.js';
import { faultOf } from '../../sessionFaults.js';
import { SpeakerRoster } from '../../speakerRoster.js';
import type { VoiceCounters } from '../../voiceCounters.js';
import type { VoiceFrameListener } from '../../voiceReceiver.js';
import { aborted } from '../aborted.js';
import type { CaptureSettings, TransmitMode } from '../capture/captureThread.js';
import type { AudioDevice, StreamDirection } from '../device/audioDevice.js';
import type { DeviceState } from '../device/deviceState.js';
import { monotonicMs } from '../monotonicClock.js';
import type { Position } from '../playback/position.js';
import { SoundPlugins } from '../plugins/soundPlugins.js';
import type { MarkHost } from '../tools/recordingMark.js';
import { SoundCopies } from '../tools/soundCopies.js';
import { dumpStages, type DumpStage, type RecordingTarget } from '../tools/soundWriting.js';
import type { FrameAudience } from './frameAudience.js';
import { LossReporter } from './lossReporter.js';
import { OwnEncoding } from './ownEncoding.js';
import { reportedPctAt, type LossWire } from './reportedLoss.js';
import type { SoundFigures } from './soundFigures.js';
import { newsIn } from './soundMeter.js';
import { SoundParts } from './soundParts.js';
import {
  type SoundSettingsFile,
  usualUserSound,
  withUserSound,
  type UserSound,
} from './soundSettings.js';
import { SpeakerSounds } from './speakerSounds.js';
import { VoiceLink, type SelfState, type VoiceHost } from './voiceLink.js';

/** What the sound needs of the engine. */
export interface SoundHost extends VoiceHost, MarkHost {
  /** null without a connection. */
  readonly voiceCounters: Readonly<VoiceCounters> | null;
  subscribe(listener: StateListener): () => void;
}

export interface SoundOptions {
  readonly settings: SoundSettingsFile;
  /** null: this program has no sound. */
  readonly openDevice: (() => AudioDevice) | null;
  readonly lossWire: LossWire;
  /** Makes it `state.audio`. */
  readonly onChange: (audio: AudioState) => void;
}

/** Between two looks at the meters: as often as an eye follows. */
const meterEveryMs = 50;
/** Between two looks at which devices there are. */
const listEveryMs = 10_000;
/** Between the death of a thread and the next try: at first, and at most. */
const restartMsMin = 1_000;
const restartMsMax = 30_000;
const tone = { hz: 440, ms: 500 } as const;

/**
 * The engine's sound: what is captured goes where one speaks, and who is heard there is played. It
 * runs with and without a connection, and outlives one. Commands return at once and never throw;
 * what comes of them, and what is wrong, shows in `state.audio`. Settings, devices and the volumes
 * of people are kept in the profile; whether one is muted or deafened is not.
 *
 *     off ──start()──► starting ──► running ──► (a thread died) ──► starting …
 *      ▲                  │            │
 *      └──── stop() ──────┴────────────┘
 */
export class Sound {
  private readonly file: SoundSettingsFile;
  /** Of this start: another one begins with nobody. */
  private speakers = new SpeakerSounds();
  private roster = new SpeakerRoster(this.speakers);
  private readonly link: VoiceLink;
  private readonly copies: SoundCopies;
  private parts: SoundParts | null = null;
  private running: AbortController | null = null;
  private ended: Promise<void> = Promise.resolve();
  private isMuted = false;
  private readonly encoding = new OwnEncoding();
  private readonly lossReporter: LossReporter;
  readonly plugins = new SoundPlugins();

  constructor(
    private readonly options: SoundOptions,
    private readonly host: SoundHost,
  ) {
    this.file = options.settings;
    this.lossReporter = new LossReporter((losses) => options.lossWire.reportLosses(losses));
    this.link = new VoiceLink(host, this.onFrame);
    this.copies = new SoundCopies(host, (change) => this.show(change));
    host.subscribe((state) => this.follow(state));
  }

  start(): void {
    const { openDevice } = this.options;
    if (this.running !== null) return;
    if (openDevice === null) {
      const problem = new ClientError('noAudioLibrary', 'this program was made without sound');
      this.show({ problem: faultOf(problem) });
      return;
    }
    const { signal } = (this.running = new AbortController());
    this.ended = this.ended.then(() => this.run(openDevice, signal));
  }

  /** Resolves when devices and threads are given back, and settings are on disk. */
  async stop(): Promise<void> {
    this.running?.abort();
    this.running = null;
    await this.ended;
    await this.file.settled();
  }

  setMode(mode: TransmitMode): void {
    this.configure({ mode });
  }

  /** The server, and so others, are told. */
  setMuted(isMuted: boolean): void {
    this.isMuted = isMuted;
    this.applySettings();
  }

  /** Who hears nobody is muted, too. The server is told. */
  setDeafened(isDeafened: boolean): void {
    this.show({ isDeafened });
    this.parts?.playback.setDeafened(isDeafened);
    this.applySettings();
  }

  /** The key of push to talk. */
  setKey(isDown: boolean): void {
    this.show({ isKeyDown: isDown });
    this.parts?.capture.setKey(isDown);
  }

  /** @param deviceId null: the system's default. It is taken whenever it is there. */
  chooseInput(deviceId: string | null): void {
    this.file.change((settings) => ({ ...settings, inputId: deviceId }));
    this.parts?.input.choose(deviceId);
  }

  /** As chooseInput(). */
  chooseOutput(deviceId: string | null): void {
    this.file.change((settings) => ({ ...settings, outputId: deviceId }));
    this.parts?.output.choose(deviceId);
  }

  /** Changes how sound is captured; what `change` leaves out stays. */
  configure({ isMuted, ...change }: Partial<CaptureSettings>): void {
    if (isMuted !== undefined) this.isMuted = isMuted;
    this.file.change((settings) => ({
      ...settings,
      capture: { ...settings.capture, ...change },
    }));
    this.applySettings();
  }

  /** @param gain 0 … 2; 1 for as it is sent */
  setVolume(userId: Uuid, gain: number): void {
    this.changeUser(userId, { gain });
  }

  /** For oneself alone. */
  setUserMuted(userId: Uuid, isMuted: boolean): void {
    this.changeUser(userId, { isMuted });
  }

  /** How a user is heard. */
  soundOf(userId: Uuid): UserSound {
    return this.file.current.users.get(userId) ?? usualUserSound;
  }

  /** Where a session stands that is heard; null: nowhere. It holds until the session leaves. */
  setPosition(sessionToken: number, position: Position | null): void {
    this.speakers.setPosition(sessionToken, position);
  }

  /** To whom goes what is captured: to a whisper alone, or to the room or call. */
  get audience(): FrameAudience {
    return this.link.audience;
  }

  hearYourself(isOn: boolean): void {
    this.show({ isHearingSelf: isOn });
    this.applyMonitor();
  }

  /** Half a second of 440 Hz, to hear whether anything is heard. */
  playTone(): void {
    this.parts?.playback.playTone(tone.hz, tone.ms);
  }

  /**
   * Writes, until stopDump(), what `dumpFiles` names to a folder; it is made where it is missing.
   * How it stands, and why it ended, is `state.audio.dump`. @param stages all where not given
   */
  startDump(folder: string, stages: readonly DumpStage[] = dumpStages): void {
    this.copies.startDump(folder, stages);
  }

  stopDump(): void {
    this.copies.stopDump();
  }

  /**
   * Records what is heard, until stopRecording(). Others are shown it before anything is written;
   * where the server does not permit it, it ends. How it stands is `state.audio.recording`.
   */
  startRecording(target: RecordingTarget): void {
    this.copies.startRecording(target);
  }

  stopRecording(): void {
    this.copies.stopRecording();
  }

  /** What its threads and rings do now; null while it does not run. */
  get figures(): SoundFigures | null {
    return this.parts?.figures ?? null;
  }

  private get audio(): AudioState {
    return this.host.state.audio;
  }

  private show(change: Partial<AudioState>): void {
    this.options.onChange({ ...this.audio, ...change });
  }

  private changeUser(userId: Uuid, change: Partial<UserSound>): void {
    const changed = { ...this.soundOf(userId), ...change };
    this.file.change((settings) => ({
      ...settings,
      users: withUserSound(settings.users, userId, changed),
    }));
    this.applyUsers();
  }

  private applyUsers(): void {
    this.speakers.setUsers(this.file.current.users);
    this.show({ users: this.file.current.users });
  }

  private async run(openDevice: () => AudioDevice, signal: AbortSignal): Promise<void> {
    await this.file.load();
    this.applyUsers();
    for (let waitMs = restartMsMin; !signal.aborted; waitMs = Math.min(restartMsMax, 2 * waitMs)) {
      this.show({ phase: 'starting' });
      const startedAtMs = monotonicMs();
      const problem = await this.runOnce(openDevice, signal);
      if (problem === null) break;
      this.show({ phase: 'starting', problem });
      if (monotonicMs() - startedAtMs > restartMsMax) waitMs = restartMsMin;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
    this.roster.close();
    this.speakers = new SpeakerSounds();
    this.roster = new SpeakerRoster(this.speakers);
    this.link.close();
    const { settings, users, isDeafened, isHearingSelf, devices, dump, recording } = this.audio;
    const kept = { settings, users, isDeafened, isHearingSelf, devices, dump, recording };
    this.options.onChange({ ...audioOff, ...kept });
  }

  /** @returns why it is over; null where it was stopped */
  private async runOnce(
    openDevice: () => AudioDevice,
    signal: AbortSignal,
  ): Promise<EngineFault | null> {
    let parts: SoundParts | null = null;
    let meter: NodeJS.Timeout | undefined;
    let lister: NodeJS.Timeout | undefined;
    try {
      parts = await SoundParts.start({
        openDevice,
        settings: this.effectiveSettings,
        plugins: this.plugins,
        onDevice: (direction, device) => this.onDevice(direction, device),
        send: (frame, capturedAtMs) => this.link.send(frame, capturedAtMs),
      });
      this.parts = parts;
      this.applyAll();
      void this.copies.attach(parts);
      meter = setInterval(() => this.measure(), meterEveryMs);
      lister = setInterval(() => void this.listDevices(), listEveryMs);
      this.show({ phase: 'running', problem: null });
      this.follow(this.host.state);
      const failure = await Promise.race([parts.failed, aborted(signal)]);
      return failure === null ? null : faultOf(failure);
    } catch (error) {
      return faultOf(error);
    } finally {
      clearInterval(meter);
      clearInterval(lister);
      this.parts = null;
      this.speakers.attach(null);
      await this.copies.attach(null);
      await parts?.close();
    }
  }

  private onDevice(direction: StreamDirection, device: DeviceState): void {
    const before = this.audio[direction];
    // What is missing is looked for again and again, and is missing meanwhile.
    const isLookedFor = before.phase === 'waiting' && before.wishedId === device.wishedId;
    if (isLookedFor && device.phase === 'opening') return;
    this.show({ [direction]: device });
    if (device.phase === 'running' || device.phase === 'waiting') void this.listDevices();
  }

  private async listDevices(): Promise<void> {
    const { parts } = this;
    // Why they cannot be listed is why none can be opened, which is shown.
    const devices = await (parts?.device.list() ?? Promise.resolve([])).catch(() => []);
    if (parts !== this.parts || isDeepStrictEqual(devices, this.audio.devices)) return;
    this.show({ devices });
  }

  /** Tells new threads all that was set before. */
  private applyAll(): void {
    const { parts } = this;
    if (parts === null) return;
    parts.playback.setDeafened(this.audio.isDeafened);
    parts.capture.setKey(this.audio.isKeyDown);
    this.speakers.attach(parts.playback);
    this.encoding.forget();
    this.applySettings();
    this.applyMonitor();
    const { inputId, outputId } = this.file.current;
    parts.input.choose(inputId);
    parts.output.choose(outputId);
  }

  private get effectiveSettings(): CaptureSettings {
    return { ...this.file.current.capture, isMuted: this.isMuted || this.audio.isDeafened };
  }

  private applySettings(): void {
    this.show({ settings: { ...this.file.current.capture, isMuted: this.isMuted } });
    this.parts?.capture.configure(this.effectiveSettings);
    if (this.running !== null) this.link.follow(this.host.state, this.self);
  }

  private applyMonitor(): void {
    const { parts } = this;
    if (parts === null) return;
    const { isHearingSelf } = this.audio;
    parts.capture.setMonitored(isHearingSelf);
    parts.playback.setOwnVoice(isHearingSelf ? parts.capture.ownVoice : null);
  }

  private get self(): SelfState {
    const { isDeafened } = this.audio;
    return { muted: this.isMuted || isDeafened, deafened: isDeafened };
  }

  private follow(state: State): void {
    this.copies.follow(state);
    if (this.running === null) return;
    this.roster.follow(state);
    this.speakers.follow(state);
    this.link.follow(state, this.self);
    this.followEncoding(state);
  }

  private followEncoding(state: State): void {
    if (this.parts === null) return;
    const reportedPct = reportedPctAt(this.options.lossWire.ownLoss, performance.now());
    const encoding = this.encoding.follow(state, this.host.voiceCounters, reportedPct);
    if (encoding !== null) this.parts.capture.setEncoding(encoding);
  }

  private measure(): void {
    const { parts } = this;
    if (parts === null) return;
    this.followEncoding(this.host.state);
    const reading = { ...parts.meter.read(parts.pump.framesLate), ...this.encoding.losses };
    const news = newsIn(reading, this.audio);
    if (news !== null) this.show(news);
    this.lossReporter.follow(this.host.state, performance.now());
  }

  private readonly onFrame: VoiceFrameListener = (
    token,
    counter,
    timestamp,
    endOfSpurt,
    payload,
    audience,
  ) => {
    if (this.parts === null) return;
    this.roster.expect(token, this.host.state, audience);
    this.parts.playback.push(token, counter, timestamp, endOfSpurt, payload, audience);
  };
}
