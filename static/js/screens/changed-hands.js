/** Somebody else is signed in on this phone: nothing of the first person is shown until it is clear who holds it. */

import {html} from 'lit';
import {forgetPerson} from '../store/person.js';
import {welcome} from '../sync/boot.js';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';
import {phone} from '../ui/phone.js';

/** The own work stays on the phone; it changes hands by a tap. @param {import('../domain/types.js').Person|null} other as of an `other-person` state */
export function changedHands(other) {
  const me = phone.person?.name ?? '';
  const take = async () => {
    await (other ? welcome(other) : forgetPerson());
    location.reload();
  };
  const name = other?.name ?? t('other.somebody');
  return html`
    <div class="gate" data-gate="other-person">
      <div class="card stack gate-card">
        <h1 class="card-title" tabindex="-1">${icon('warn')} ${t('other.title')}</h1>
        <p>${t('other.text', {name, me})}</p>
        <button type="button" class="button button-primary button-wide" @click=${take}>${t('other.take', {name})}</button>
        <a class="button button-wide" href="/logout" data-server>${t('other.back', {me})}</a>
      </div>
    </div>`;
}
