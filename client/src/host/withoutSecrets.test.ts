import { describe, expect, test } from 'vitest';
import { hidden, withoutSecrets } from './withoutSecrets.js';

describe('withoutSecrets', () => {
  test.each([
    [
      'rookery://talk.example.org:9/?invite=abc&fingerprint=00',
      `rookery://talk.example.org:9/${hidden}`,
    ],
    ['see rookery:host?invite=abc now', `see rookery:host/${hidden} now`],
    ['password: hunter2, again', `password: ${hidden}, again`],
    ['{"token":"abc"}', `{"token":"${hidden}"}`],
    ['the ticket 3f8a91c2d4e5b6a7f8091a2b3c4d5e6f ended', `the ticket ${hidden} ended`],
    ['AbC0dEf1AbC0dEf1AbC0dEf1AbC0dEf1==', hidden],
  ])('hides the secret in "%s"', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
  });

  test.each([
    'cannot reach talk.example.org:5330: no answer within 5000 ms',
    'room 0b6f6f0e-8f3a-4f0e-9b1e-2b1f0c9d7e55 is gone',
    '/usr/share/sounds/alsa/Front_Center_and_a_long_name_2.wav is missing',
    'the password is wrong',
    'Donaudampfschifffahrtsgesellschaftskapitän',
  ])('leaves "%s" as it is', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });
});
