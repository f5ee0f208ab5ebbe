/** One for each byte. Sorted; the first four letters tell them apart. Never to be changed. */
const words = `
  acid acorn actor adult agent alarm album alley amber anchor angle ankle apple apron arch
  arena arrow atlas attic autumn bacon badge bagel bamboo banjo barn basket beach beard
  beaver berry bishop blanket blossom bonus border bottle branch bread brick bridge bronze
  bucket button cabin cactus camel candle canoe canvas carbon carpet castle cedar cellar
  chalk cherry circus clover cobra coffee comet copper coral cotton cradle crystal cube
  curtain dagger dancer deck denim desert dinner doctor dolphin donkey dragon drum eagle
  echo effort elbow elephant ember engine escape expert fabric falcon feather fence ferry
  fiddle finger flame flute forest fossil fox frost galaxy garden garlic gecko giant ginger
  glacier glove goblin gondola gravel guitar hammer harbor hawk hazel hedge helmet herring
  hidden honey hotel hunter iceberg igloo indigo insect iron island ivory jacket jaguar
  jelly jewel jungle karate kayak kettle kitten koala ladder lagoon lantern laptop lavender
  lemon leopard lily lizard lobster lotus lumber magnet magpie mango maple marble meadow
  melon mirror monkey moss muffin museum mustard napkin nectar needle nickel noodle nutmeg
  oasis ocean octopus olive onion opera orange orchid otter oyster paddle palace panda
  parrot pebble pencil pepper piano pigeon pilot pirate planet plum pocket poem pony potato
  prism puzzle quartz quilt rabbit radar raven ribbon river robin rocket saddle salmon
  sandal scarf shadow shovel silver sketch snow spider sponge squirrel stable summer sunset
  swan tablet tango teapot temple thunder tiger tomato tower tractor tulip tunnel turtle
  umbrella unicorn valley velvet violin volcano waffle wagon walnut whisper window winter
  wizard yellow yogurt zebra zipper
`
  .trim()
  .split(/\s+/);

/** 96 bits: whoever wants another certificate with the same words has to make 2^96 of them. */
export const fingerprintWordCount = 12;

/**
 * A fingerprint as short English words that two people can compare aloud: those of its first 12
 * bytes. The same fingerprint has the same words for ever.
 *
 * @param fingerprint SHA-256 of a certificate, 32 bytes
 */
export function fingerprintWords(fingerprint: Uint8Array): string[] {
  return Array.from(fingerprint.subarray(0, fingerprintWordCount), (byte) => words[byte]!);
}

/** Whether what somebody typed are the words of a fingerprint, however they are written. */
export function areFingerprintWords(text: string, fingerprint: Uint8Array): boolean {
  const typed = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return typed.join(' ') === fingerprintWords(fingerprint).join(' ');
}
