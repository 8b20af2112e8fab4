/** What the hand and the ear notice without a look at the screen: one short vibration, one short tone; each can be switched off. */

import {chosen} from './look.js';

const PULSE = 60; // ms
const TONE = 880; // Hz
const TONE_SECONDS = 0.09;
const LOUD = 0.12;

/** @type {AudioContext|null} */
let audio = null;

/** Something was taken in. */
export function felt() {
  if (chosen('vibration') === 'on') navigator.vibrate?.(PULSE);
  if (chosen('sound') === 'on') sound();
}

/** A browser that gives no sound now, before the first tap or at all, stays silent. */
function sound() {
  try {
    audio ??= new AudioContext();
    audio.resume();
    play(audio);
  } catch {
    audio = null;
  }
}

/** @param {AudioContext} context */
function play(context) {
  const [wave, volume] = [context.createOscillator(), context.createGain()];
  const begin = context.currentTime;
  wave.frequency.value = TONE;
  volume.gain.setValueAtTime(LOUD, begin);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + TONE_SECONDS); // without: a click at its end
  wave.connect(volume).connect(context.destination);
  wave.start(begin);
  wave.stop(begin + TONE_SECONDS);
}
