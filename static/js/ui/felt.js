/** What the hand and the ear notice without a look at the screen: one short vibration, one short tone; each can be switched off. */

import {chosen} from './look.js';

/** Taken in; or a question that wants a look at the screen: lower, and twice in the hand. Pulses and pauses in ms, tones in Hz. */
const SIGNS = {taken: {pulse: [60], tone: 880}, asks: {pulse: [60, 80, 60], tone: 330}};
const TONE_SECONDS = 0.09;
const LOUD = 0.12;

/** @type {AudioContext|null} */
let audio = null;

/** @param {'taken'|'asks'} sign */
export function felt(sign) {
  const {pulse, tone} = SIGNS[sign];
  if (chosen('vibration') === 'on') navigator.vibrate?.(pulse);
  if (chosen('sound') === 'on') sound(tone);
}

/** A browser that gives no sound now, before the first tap or at all, stays silent. @param {number} tone Hz */
function sound(tone) {
  try {
    audio ??= new AudioContext();
    audio.resume();
    play(audio, tone);
  } catch {
    audio = null;
  }
}

/** @param {AudioContext} context @param {number} tone Hz */
function play(context, tone) {
  const [wave, volume] = [context.createOscillator(), context.createGain()];
  const begin = context.currentTime;
  wave.frequency.value = tone;
  volume.gain.setValueAtTime(LOUD, begin);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + TONE_SECONDS); // without: a click at its end
  wave.connect(volume).connect(context.destination);
  wave.start(begin);
  wave.stop(begin + TONE_SECONDS);
}
