/** A newer version waits: offered between screens only, never in the middle of a check. */

import {html, nothing} from 'lit';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {notice} from '../ui/screen.js';
import {takeOver} from '../ui/worker.js';

export function newerNotice() {
  if (!phone.newer) return nothing;
  if (phone.switching) return notice('info', html`<p role="status">${t(`newer.${phone.switching}`)}</p>`, 'install');
  return notice(
    'info',
    html`
    <p>${t('newer.text')}</p>
    <p><button type="button" class="button button-small" @click=${takeOver}>${t('newer.take-over')}</button></p>`,
    'install',
  );
}
