/** The camera panel above the rows: it stays open, so that twenty labels are twenty looks. */

import {html, nothing} from 'lit';
import {Sightings} from '../domain/labels.js';
import {felt} from '../ui/felt.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {grouped} from '../ui/numbers.js';
import {phone} from '../ui/phone.js';
import {fetchScanner} from '../ui/worker.js';
import {take} from './check-entry.js';

/**
 * @typedef {import('./check.js').Check} Check
 * @typedef {{stop: () => void, scanner: import('../ui/scanner.js').Scanner|null, light: boolean, said: string}} Panel
 */

const REASONS = /** @type {Record<string, string>} */ ({
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  NotReadableError: 'taken',
});

/** Opens or closes it. @param {Check} screen */
export async function startScan(screen) {
  if (screen.scanning) return stopScan(screen);
  /** @type {Panel} */
  const panel = {stop() {}, scanner: null, light: false, said: t('scan.starting')};
  screen.scanning = panel;
  await screen.updateComplete;
  try {
    await run(screen, panel);
  } catch (error) {
    console.warn(error);
    if (screen.scanning === panel) screen.scanning = null;
    phone.say(t(`scan.${REASONS[/** @type {Error} */ (error).name] ?? 'absent'}`), 'bad');
    fetchScanner();
  }
}

/** @param {Check} screen @param {Panel} panel */
async function run(screen, panel) {
  if (!navigator.mediaDevices) throw new DOMException('no camera', 'NotFoundError');
  const {Scanner} = await import('../ui/scanner.js');
  if (screen.scanning !== panel) return; // closed while the reader was on its way
  const video = /** @type {HTMLVideoElement} */ (screen.querySelector('.scan video'));
  const sightings = new Sightings(performance.now());
  const scanner = new Scanner(video, (look) => seen(screen, panel, sightings, look));
  panel.stop = () => scanner.stop();
  await scanner.start();
  if (screen.scanning !== panel) return scanner.stop();
  say(screen, panel, {scanner, said: t('scan.ready')});
}

/** @param {Check} screen @param {Panel} panel @param {Partial<Panel>} news */
function say(screen, panel, news) {
  Object.assign(panel, news);
  screen.requestUpdate();
}

/**
 * What a look brought: each new number is taken in with a sign for ear and hand; else a word where looking on would not help.
 * @param {Check} screen @param {Panel} panel @param {Sightings} sightings @param {{labels: import('../domain/labels.js').Label[], striped: boolean}} look
 */
function seen(screen, panel, sightings, look) {
  const {numbers, remark} = sightings.news(look, performance.now());
  if (remark) say(screen, panel, {said: t(`scan.${remark}`)});
  for (const number of numbers) {
    if (screen.asked)
      sightings.forget(number); // one question at a time
    else found(screen, panel, number);
  }
}

/** Whoever looks at the parcel, not at the screen, hears whether one more is in. @param {Check} screen @param {Panel} panel @param {string} number */
function found(screen, panel, number) {
  const before = screen.draft?.items.length ?? 0;
  take(screen, number);
  felt((screen.draft?.items.length ?? 0) > before ? 'taken' : 'asks');
  say(screen, panel, {said: grouped(number)});
}

/** @param {Check} screen */
function stopScan(screen) {
  screen.scanning?.stop();
  screen.scanning = null;
}

/** @param {Check} screen */
export function scanPanel(screen) {
  const panel = screen.scanning;
  if (!panel) return nothing;
  const toggle = async () => {
    await panel.scanner?.light(!panel.light);
    say(screen, panel, {light: !panel.light});
  };
  return html`
    <div class="scan">
      <video muted playsinline aria-label=${t('scan.picture')}></video>
      <span class="scan-frame" aria-hidden="true"></span>
      <p class="scan-said mono" role="status" aria-live="polite">${panel.said}</p>
      <div class="scan-tools">
        ${panel.scanner?.hasLight ? html`<button type="button" class="button" aria-pressed=${panel.light} @click=${toggle}>${icon('light')}<span>${t('scan.light')}</span></button>` : nothing}
        <button type="button" class="button" @click=${() => stopScan(screen)}>${icon('cross')}<span>${t('scan.end')}</span></button>
      </div>
    </div>`;
}
