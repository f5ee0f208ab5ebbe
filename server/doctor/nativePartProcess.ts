import { nativeParts, type NativeMessage } from './nativeParts.js';

// A process of its own: the system ends it where the file of a part is cut short. It sends one
// message and ends.

const message: NativeMessage = { fault: await faultOf(process.argv[2]) };
process.send?.(message, undefined, undefined, () => process.exit());

async function faultOf(name: string | undefined): Promise<string | null> {
  try {
    await nativeParts.find((part) => part.name === name)?.load();
    return null;
  } catch (error) {
    return (error as Error).message.split('\n', 1)[0] ?? '';
  }
}
