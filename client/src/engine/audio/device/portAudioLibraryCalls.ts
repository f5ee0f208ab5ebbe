import type koffiModule from 'koffi';
import type { LibraryHandle, TypeObject } from 'koffi';

/** A device as PortAudio lists it (PaDeviceInfo of portaudio.h). */
export interface NativeDevice {
  readonly name: string;
  readonly hostApi: number;
  readonly maxInputChannels: number;
  readonly maxOutputChannels: number;
  readonly defaultSampleRate: number;
}

/** How one side of a device is to be opened (PaStreamParameters of portaudio.h). */
export interface NativeParameters {
  readonly device: number;
  readonly channelCount: number;
  readonly sampleFormat: number;
  /** Seconds. */
  readonly suggestedLatency: number;
  readonly hostApiSpecificStreamInfo: null;
}

/** What the system itself said (PaHostErrorInfo of portaudio.h). */
export interface HostError {
  readonly code: number;
  readonly text: string;
}

/** A PaStream; of no use to JavaScript but to be handed back. */
export type NativeStream = unknown;

/** paFloat32 of portaudio.h: the one sample format used. */
export const floatSampleFormat = 1;

/**
 * The calls of PortAudio that are used, and a library of one's own: each object holds a private
 * copy of it, with its own list of devices and its own state, so that threads need no lock between
 * them and every `initialize` sees what has been plugged in. Numbers are PaError where negative.
 * One thread; nothing here waits for a device but where the driver itself hangs.
 */
export interface PortAudioLibrary {
  initialize(): number;
  terminate(): number;
  deviceCount(): number;
  device(index: number): NativeDevice;
  hostApiName(index: number): string;
  /** Negative where there is none. */
  defaultInput(): number;
  defaultOutput(): number;
  isFormatSupported(
    input: NativeParameters | null,
    output: NativeParameters | null,
    sampleRate: number,
  ): number;
  /** @param out its first element becomes the stream */
  openStream(
    out: NativeStream[],
    input: NativeParameters | null,
    output: NativeParameters | null,
    sampleRate: number,
    bufferFrames: number,
  ): number;
  startStream(stream: NativeStream): number;
  /** Ends it at once, with what waits in it, and frees it. */
  closeStream(stream: NativeStream): number;
  /** Sample frames that can be read, or written, without waiting. */
  readAvailable(stream: NativeStream): number;
  writeAvailable(stream: NativeStream): number;
  /** @param samples interleaved float32, at least `frames` sample frames */
  read(stream: NativeStream, samples: Float32Array, frames: number): number;
  write(stream: NativeStream, samples: Float32Array, frames: number): number;
  errorText(error: number): string;
  /** What the system said of the last fault: its own number and words. */
  hostError(): HostError;
  /** To be called after `terminate`; nothing may be called afterwards. */
  unload(): void;
}

/**
 * Layouts and prototypes of portaudio.h, version 19.
 *
 * @param library PortAudio, as koffi loaded it
 */
export function bindCalls(koffi: typeof koffiModule, library: LibraryHandle): PortAudioLibrary {
  const types = defineTypes(koffi);
  const call = (name: string, result: string, parameters: (string | TypeObject)[]): unknown =>
    library.func(`Pa_${name}`, result, parameters);
  const deviceInfo = call('GetDeviceInfo', 'void *', ['int']) as OfIndex;
  const hostApiInfo = call('GetHostApiInfo', 'void *', ['int']) as OfIndex;
  const hostErrorInfo = call('GetLastHostErrorInfo', 'void *', []) as () => unknown;
  const openStream = library.func('Pa_OpenStream', 'int', [
    koffi.out(koffi.pointer('void *')),
    ...[types.parameters, types.parameters, 'double', 'unsigned long', 'unsigned long'],
    ...['void *', 'void *'],
  ]) as OpenStream;
  return {
    initialize: call('Initialize', 'int', []) as Plain,
    terminate: call('Terminate', 'int', []) as Plain,
    deviceCount: call('GetDeviceCount', 'int', []) as Plain,
    device: (index) => koffi.decode(deviceInfo(index), types.device) as NativeDevice,
    hostApiName: (index) =>
      (koffi.decode(hostApiInfo(index), types.hostApi) as { readonly name: string }).name,
    defaultInput: call('GetDefaultInputDevice', 'int', []) as Plain,
    defaultOutput: call('GetDefaultOutputDevice', 'int', []) as Plain,
    isFormatSupported: call('IsFormatSupported', 'int', [
      types.parameters,
      types.parameters,
      'double',
    ]) as PortAudioLibrary['isFormatSupported'],
    openStream: (out, input, output, sampleRate, bufferFrames) =>
      openStream(out, input, output, sampleRate, bufferFrames, asIsFlags, null, null),
    startStream: call('StartStream', 'int', ['void *']) as OfStream,
    closeStream: call('CloseStream', 'int', ['void *']) as OfStream,
    readAvailable: call('GetStreamReadAvailable', 'long', ['void *']) as OfStream,
    writeAvailable: call('GetStreamWriteAvailable', 'long', ['void *']) as OfStream,
    read: call('ReadStream', 'int', ['void *', 'void *', 'unsigned long']) as Move,
    write: call('WriteStream', 'int', ['void *', 'void *', 'unsigned long']) as Move,
    errorText: call('GetErrorText', 'const char *', ['int']) as (error: number) => string,
    hostError: () => koffi.decode(hostErrorInfo(), types.hostError) as HostError,
    unload: () => library.unload(),
  };
}

type Plain = () => number;
type OfIndex = (index: number) => unknown;
type OfStream = (stream: NativeStream) => number;
type Move = (stream: NativeStream, samples: Float32Array, frames: number) => number;
type OpenStream = (
  out: NativeStream[],
  input: NativeParameters | null,
  output: NativeParameters | null,
  sampleRate: number,
  bufferFrames: number,
  flags: number,
  callback: null,
  userData: null,
) => number;

/** paClipOff and paDitherOff: what is played is what was given. */
const asIsFlags = 3;

interface NativeTypes {
  readonly device: TypeObject;
  readonly hostApi: TypeObject;
  readonly hostError: TypeObject;
  readonly parameters: TypeObject;
}

function defineTypes(koffi: typeof koffiModule): NativeTypes {
  return {
    device: koffi.struct({
      structVersion: 'int',
      name: 'const char *',
      hostApi: 'int',
      maxInputChannels: 'int',
      maxOutputChannels: 'int',
      defaultLowInputLatency: 'double',
      defaultLowOutputLatency: 'double',
      defaultHighInputLatency: 'double',
      defaultHighOutputLatency: 'double',
      defaultSampleRate: 'double',
    }),
    hostApi: koffi.struct({ structVersion: 'int', type: 'int', name: 'const char *' }),
    hostError: koffi.struct({ hostApiType: 'int', code: 'long', text: 'const char *' }),
    parameters: koffi.pointer(
      koffi.struct({
        device: 'int',
        channelCount: 'int',
        sampleFormat: 'unsigned long',
        suggestedLatency: 'double',
        hostApiSpecificStreamInfo: 'void *',
      }),
    ),
  };
}
