import { openPortAudio } from '@rookery/client/engine/audio/device/portAudioDevice';

// Child process of the sound device proof: PortAudio may take its process down where the system's
// sound is broken. Prints the devices, or why there are none to ask for, as one line of JSON.

const device = openPortAudio();
try {
  const devices = (await device.list()).map(({ id }) => id);
  process.stdout.write(`${JSON.stringify({ devices })}\n`);
} catch (error) {
  const unavailable = error instanceof Error ? error.message : String(error);
  process.stdout.write(`${JSON.stringify({ unavailable })}\n`);
} finally {
  await device.close();
}
