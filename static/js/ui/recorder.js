/** The microphone: from a tap to the bytes of a voice note. Asked for by that tap alone, let go with its last sound. */

import {MOST_SPOKEN} from '../domain/checks.js';

/** What is recorded and what it is called, best first: the server takes Opus in WebM and AAC in MP4, no other. */
const FORMS = ['audio/webm;codecs=opus', 'audio/mp4;codecs=mp4a.40.2', 'audio/mp4'];
const SPEECH = 24000; // bits a second: a minute is as heavy as a photo
const HEAVIEST = 1024 * 1024; // bytes, as the server takes

/** @typedef {{bytes: ArrayBuffer, type: string, seconds: number, full: boolean}} Taken  `full`: it was ended by the minute being over */

/** Why there is no recording, as the screen says it. */
export class NoRecording extends Error {
  /** @param {'unsupported'|'denied'|'no-microphone'|'broken'} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code);
    this.code = code;
    this.cause = cause;
  }
}

/** Whose microphone is open: `stop` may be called again and again, `taken` rejects with {@link NoRecording}. @typedef {{stop: () => void, taken: Promise<Taken>}} Recording */

/** @returns {Promise<Recording>} once it records; rejects with {@link NoRecording} */
export async function record() {
  const type = formOf();
  if (!type) throw new NoRecording('unsupported');
  const stream = await microphone();
  try {
    return begun(new MediaRecorder(stream, {mimeType: type, audioBitsPerSecond: SPEECH}), type);
  } catch (error) {
    release(stream);
    throw new NoRecording('unsupported', error);
  }
}

/** @returns {string|undefined} */
function formOf() {
  if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices?.getUserMedia) return undefined;
  return FORMS.find((form) => MediaRecorder.isTypeSupported(form));
}

async function microphone() {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: {channelCount: 1, noiseSuppression: true, autoGainControl: true},
    });
  } catch (error) {
    const denied = error instanceof Error && ['NotAllowedError', 'SecurityError'].includes(error.name);
    throw new NoRecording(denied ? 'denied' : 'no-microphone', error);
  }
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {MediaRecorder} recorder @param {string} type @returns {Recording} */
function begun(recorder, type) {
  /** @type {Blob[]} */
  const pieces = [];
  let full = false;
  let since = performance.now();
  const stop = () => recorder.state !== 'inactive' && recorder.stop();
  const timer = setTimeout(() => {
    full = true;
    stop();
  }, MOST_SPOKEN * 1000);
  const hide = () => document.hidden && stop(); // a phone that sleeps records nothing any more, and no timer ends it
  document.addEventListener('visibilitychange', hide);
  const ended = new Promise((resolve) => {
    recorder.ondataavailable = ({data}) => pieces.push(data);
    recorder.onstart = () => (since = performance.now());
    recorder.onerror = stop;
    recorder.onstop = resolve;
  });
  recorder.start();
  const taken = ended.then(async () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', hide);
    release(recorder.stream);
    const lasted = full ? MOST_SPOKEN : Math.floor((performance.now() - since) / 1000);
    const seconds = Math.min(MOST_SPOKEN, Math.max(1, lasted));
    const bytes = await new Blob(pieces).arrayBuffer();
    if (!bytes.byteLength || bytes.byteLength > HEAVIEST) throw new NoRecording('broken');
    return {bytes, type: type.split(';')[0], seconds, full};
  });
  return {stop, taken};
}
