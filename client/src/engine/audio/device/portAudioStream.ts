import { sampleRate as voiceSampleRate } from '@rookery/schemas/voicePacket';
import type { StreamDirection } from './audioDevice.js';
import { deviceBufferFrames } from './deviceLimits.js';
import { listDevices, type ListedDevice } from './portAudioDevices.js';
import { noDefaultDevice, noSuchDevice, openFault } from './portAudioFaults.js';
import {
  floatSampleFormat,
  type NativeParameters,
  type NativeStream,
  type PortAudioLibrary,
} from './portAudioLibraryCalls.js';
import type { StreamFormat } from './streamThread.js';

/** What `portAudioStreamWorker.ts` is started with. */
export interface PortAudioStreamData {
  readonly direction: StreamDirection;
  /** null: the system's default. */
  readonly deviceId: string | null;
  readonly bufferMs: number;
}

/** One side of a device that runs. */
export interface RunningStream {
  readonly native: NativeStream;
  readonly format: StreamFormat;
}

/** Voices are mono, and stereo once they are placed. */
const wishedChannels = { input: [1, 2], output: [2, 1] } as const;

/** Buffers that the driver holds: one that is moved and one that sounds. */
const driverBuffers = 2;

/**
 * Opens and starts one side of a device: at 48 kHz where it can, else at its own rate; one channel
 * captured and two played where it can, else as many as it has.
 *
 * @param portAudio initialised
 * @throws ClientError noAudioDevice | audioDeviceInUse | audioNotAllowed | audioDeviceFailed
 */
export function startStream(portAudio: PortAudioLibrary, data: PortAudioStreamData): RunningStream {
  const { direction, bufferMs } = data;
  const { info, index } = chooseDevice(listDevices(portAudio), data);
  const channelsMax = direction === 'input' ? info.inputChannels : info.outputChannels;
  const channelChoices = [...wishedChannels[direction], channelsMax].filter(
    (channels) => channels <= channelsMax,
  );
  const rateChoices = [voiceSampleRate, info.sampleRate];
  const suggestedLatency = (driverBuffers * bufferMs) / 1_000;
  let answer = 0;
  for (const sampleRate of rateChoices) {
    for (const channels of channelChoices) {
      const bufferFrames = deviceBufferFrames(bufferMs, sampleRate);
      const parameters = sideOf(index, channels, suggestedLatency);
      const native = openOne(portAudio, direction, parameters, sampleRate, bufferFrames);
      if (typeof native !== 'number') {
        const format = { direction, deviceName: info.name, sampleRate, channels, bufferFrames };
        return { native: native.stream, format };
      }
      answer = native;
    }
  }
  throw openFault(info.name, answer, portAudio.errorText(answer), portAudio.hostError());
}

/** @throws ClientError noAudioDevice | audioNotAllowed */
function chooseDevice(
  devices: readonly ListedDevice[],
  { direction, deviceId }: PortAudioStreamData,
): ListedDevice {
  const found = devices.find(({ info }) => {
    if (deviceId !== null) return info.id === deviceId;
    return direction === 'input' ? info.isDefaultInput : info.isDefaultOutput;
  });
  if (found !== undefined && channelsOf(found, direction) > 0) return found;
  throw deviceId === null ? noDefaultDevice(direction) : noSuchDevice(deviceId);
}

function channelsOf({ info }: ListedDevice, direction: StreamDirection): number {
  return direction === 'input' ? info.inputChannels : info.outputChannels;
}

function sideOf(device: number, channelCount: number, suggestedLatency: number): NativeParameters {
  return {
    device,
    channelCount,
    sampleFormat: floatSampleFormat,
    suggestedLatency,
    hostApiSpecificStreamInfo: null,
  };
}

/** @returns the started stream, or PortAudio's reason against it */
function openOne(
  portAudio: PortAudioLibrary,
  direction: StreamDirection,
  parameters: NativeParameters,
  sampleRate: number,
  bufferFrames: number,
): { readonly stream: NativeStream } | number {
  const [input, output] = direction === 'input' ? [parameters, null] : [null, parameters];
  const unsupported = portAudio.isFormatSupported(input, output, sampleRate);
  if (unsupported < 0) return unsupported;
  const out: NativeStream[] = [null];
  const refused = portAudio.openStream(out, input, output, sampleRate, bufferFrames);
  if (refused < 0) return refused;
  const stream = out[0];
  const unstarted = portAudio.startStream(stream);
  if (unstarted >= 0) return { stream };
  portAudio.closeStream(stream);
  return unstarted;
}
