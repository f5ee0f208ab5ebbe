// A voice like a robot's: an echo so short that it rings, times a tone. It is called with each
// frame of one's own voice, in the buffer that it names, and changes it in place. A key that its user
// bound to it takes the robot away and brings it back.

/** Samples of the buffer: 20 ms, 48 kHz, mono. */
const bufferSamples = 960;
const buffer = new StaticArray<f32>(bufferSamples);

const toneHz: f32 = 55;
const sampleRate: f32 = 48_000;
/** A turn of the tone's hand, in each sample. */
const turnCos: f32 = Mathf.cos((2 * Mathf.PI * toneHz) / sampleRate);
const turnSin: f32 = Mathf.sin((2 * Mathf.PI * toneHz) / sampleRate);
let handCos: f32 = 1;
let handSin: f32 = 0;

/** 8 ms. */
const echoSamples = 384;
const echoShare: f32 = 0.6;
const echo = new StaticArray<f32>(echoSamples);
let echoAt = 0;

/** The tone makes it quieter, the echo louder; together it is as loud as before. */
const makeUp: f32 = 1.1;

export function soundBuffer(): usize {
  return changetype<usize>(buffer);
}

/** Of `[[keys]]` in plugin.toml: the first is 0. */
const toggleKey = 0;
let isRobot = true;

export function onKey(key: i32, isDown: i32): void {
  if (key == toggleKey && isDown) isRobot = !isRobot;
}

export function processVoice(samples: i32): void {
  if (!isRobot) return;
  for (let i = 0; i < samples; i++) {
    const ringing = buffer[i] + echoShare * echo[echoAt];
    echo[echoAt] = ringing;
    echoAt = (echoAt + 1) % echoSamples;
    buffer[i] = ringing * handSin * makeUp;
    turnHand();
  }
}

function turnHand(): void {
  const nextCos = handCos * turnCos - handSin * turnSin;
  handSin = handSin * turnCos + handCos * turnSin;
  handCos = nextCos;
  // What is rounded with each turn would make the hand longer or shorter by and by.
  const longer: f32 = (3 - handCos * handCos - handSin * handSin) / 2;
  handCos *= longer;
  handSin *= longer;
}
