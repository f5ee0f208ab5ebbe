import { createRequire } from 'node:module';

// Child process of the sound device proof: PortAudio may take its process down where the system's
// sound is broken. Prints the devices, or why there are none to ask for, as one line of JSON.

interface PortAudio {
  getDevices(): readonly { readonly name: string }[];
  getHostAPIs(): { readonly HostAPIs: readonly { readonly name: string }[] };
}

try {
  const portAudio = createRequire(import.meta.url)('naudiodon') as PortAudio;
  const devices = portAudio.getDevices().map(({ name }) => name);
  const systems = portAudio.getHostAPIs().HostAPIs.map(({ name }) => name);
  process.stdout.write(`${JSON.stringify({ devices, systems })}\n`);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stdout.write(`${JSON.stringify({ unavailable: text.split('\n')[0] })}\n`);
}
