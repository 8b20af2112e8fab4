/** What the hand and the ear notice without a look at the screen: one short vibration, one short tone; each can be switched off. */

import {chosen} from './look.js';

/** Milliseconds of vibration and tones in hertz: done is one, something wrong is two low ones. */
const ANSWERS = {done: {pulses: [60], tones: [880]}, wrong: {pulses: [60, 60, 120], tones: [240, 200]}};
const TONE_SECONDS = 0.09;
const LOUD = 0.12;

/** @type {AudioContext|null} */
let audio = null;

/** @param {keyof typeof ANSWERS} what */
export function felt(what) {
  if (chosen('vibration') === 'on') navigator.vibrate?.(ANSWERS[what].pulses);
  if (chosen('sound') === 'on') sound(ANSWERS[what].tones);
}

/** A browser that gives no sound now, before the first tap or at all, stays silent. @param {number[]} tones */
function sound(tones) {
  try {
    audio ??= new AudioContext();
    audio.resume();
    for (const [n, tone] of tones.entries()) play(audio, tone, n * TONE_SECONDS * 1.4);
  } catch {
    audio = null;
  }
}

/** @param {AudioContext} context @param {number} tone hertz @param {number} after seconds */
function play(context, tone, after) {
  const [wave, volume] = [context.createOscillator(), context.createGain()];
  const begin = context.currentTime + after;
  wave.frequency.value = tone;
  volume.gain.setValueAtTime(LOUD, begin);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + TONE_SECONDS); // without: a click at its end
  wave.connect(volume).connect(context.destination);
  wave.start(begin);
  wave.stop(begin + TONE_SECONDS);
}
