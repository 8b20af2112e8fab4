/** Me: who this phone works for, language, space, version, and the way out. */

import {html, nothing} from 'lit';
import {deskOf} from '../domain/work.js';
import {forgetPerson} from '../store/person.js';
import {isApple, isInstalled, isWeChat} from '../ui/browser.js';
import {momentText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {language, sentences, speak, t, tOr} from '../ui/language.js';
import {megabytes} from '../ui/numbers.js';
import {phone} from '../ui/phone.js';
import {notice, Screen} from '../ui/screen.js';
import {ask} from '../ui/sheet.js';
import {looks} from './me-look.js';
import {newerNotice} from './newer.js';

const LANGUAGES = /** @type {['zh'|'en', string, string][]} */ ([
  ['zh', '中文', 'zh-CN'],
  ['en', 'English', 'en'],
]);

async function readMe() {
  const {store} = phone;
  const [units, version, pulled, holding, drafts] = await Promise.all([
    store.rows('unit'),
    store.get('version'),
    store.get('pulled'),
    store.holding(),
    store.drafts(),
  ]);
  const [used, kept] = [await space(), await navigator.storage?.persisted?.()];
  return {drafts: drafts.length, units, version, pulled, holding, space: used, kept};
}

/** @extends {Screen<Awaited<ReturnType<typeof readMe>>>} */
export class Me extends Screen {
  constructor() {
    super();
    this.look = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    phone.addEventListener('state', this.look);
  }

  disconnectedCallback() {
    phone.removeEventListener('state', this.look);
    super.disconnectedCallback();
  }

  async read() {
    return readMe();
  }

  page() {
    return html`
      <header class="bar"><h1 class="bar-title" tabindex="-1">${t('title.me')}</h1></header>
      <tc-status></tc-status>
      <div class="page stack">
        ${newerNotice()}
        ${this.person()}
        ${this.install()}
        ${this.languages()}
        ${looks(this)}
        ${this.phone()}
        ${this.links()}
      </div>`;
  }

  person() {
    const {units} = this.data;
    const person = phone.person;
    const names = new Map(units.map(({code, name}) => [code, name]));
    return html`
      <section class="card me-card">
        <span class="me-stamp" aria-hidden="true">${(person?.name ?? '').slice(-2)}</span>
        <div class="grow"><h2>${person?.name}</h2>
          <ul class="me-roles">${(person?.roles ?? []).map(({role, unit}) => html`<li>${tOr(`role.${role}`, role)}<small> · ${names.get(unit) ?? unit}</small></li>`)}</ul></div>
      </section>`;
  }

  install() {
    if (isInstalled()) return nothing;
    if (isWeChat()) return notice('warn', t('install.wechat'));
    if (phone.offer) {
      return html`<section class="card stack-tight"><p>${t('install.text')}</p><button type="button" class="button button-primary button-wide" @click=${this.take}>${icon('install')}<span>${t('install.now')}</span></button></section>`;
    }
    return isApple() ? notice('info', t('install.apple'), 'install') : nothing;
  }

  async take() {
    const {offer} = phone;
    phone.offer = null;
    await offer?.prompt();
    this.requestUpdate();
  }

  languages() {
    return html`
      <fieldset class="card field">
        <legend class="card-legend">${t('language')}</legend>
        <div class="choices">${LANGUAGES.map(
          ([code, name, lang]) => html`
            <label class="choice" lang=${lang}><input type="radio" class="visually-hidden" name="language" value=${code} .checked=${language() === code} @change=${() => this.speak(code)}>
              <span class="choice-face">${name}</span></label>`,
        )}</div>
      </fieldset>`;
  }

  /** Here at once; the server hears of it with the next push. @param {'zh'|'en'} code */
  async speak(code) {
    if (!(await speak(code, {keep: true}))) {
      this.requestUpdate();
      return phone.say(t('gate.offline.title'), 'warn');
    }
    await phone.store.set('language', code);
    phone.engine.sync();
    phone.tell('language');
  }

  phone() {
    const {version, pulled, holding, space: used, kept} = this.data;
    const rows = [
      ['me.waiting', t('me.waiting-value', {records: holding.records, photos: holding.photos})],
      ['me.pulled', pulled ? momentText(pulled) : t('me.never')],
      ['me.space', used ?? t('me.unknown')],
      ['me.kept', t(kept ? 'me.kept-yes' : 'me.kept-no')],
      ['me.version', version ?? t('me.unknown')],
    ];
    return html`<section class="card"><dl class="facts">${rows.map(([label, value]) => html`<div><dt>${t(label)}</dt><dd class="number">${value}</dd></div>`)}</dl></section>`;
  }

  links() {
    const desk = deskOf(phone.person?.roles ?? []);
    return html`
      <nav class="card menu" aria-label=${t('me.more')}>
        <a href="/app/help">${icon('info')}<span class="grow">${t('title.help')}</span>${icon('next', 'tile-next')}</a>
        <a href="/account/notices" data-server>${icon('inbox')}<span class="grow">${t('me.notices')}</span>${icon('next', 'tile-next')}</a>
        <a href="/devices" data-server>${icon('phone')}<span class="grow">${t('me.devices')}</span>${icon('next', 'tile-next')}</a>
        ${desk ? html`<a href=${desk} data-server data-desk>${icon('list')}<span class="grow">${t('me.desk')}</span>${icon('next', 'tile-next')}</a>` : nothing}
        <a href="/logout" data-server @click=${this.leave}>${icon('out')}<span class="grow">${t('me.sign-out')}</span>${icon('next', 'tile-next')}</a>
      </nav>`;
  }

  /** What is unsent stays on the phone until the same person signs in again. @param {Event} event */
  async leave(event) {
    event.preventDefault();
    const {records, photos} = this.data.holding;
    const {drafts} = this.data;
    const words = [records + photos && t('leave.text', {records, photos}), drafts && t('leave.drafts', {n: drafts})];
    const yes =
      !words.some(Boolean) ||
      (await ask({
        title: t('leave.title'),
        text: sentences(words),
        yes: t('me.sign-out'),
        no: t('leave.stay'),
        danger: true,
      }));
    if (!yes) return;
    // Without the server the session would stay, and the way back in be closed.
    if (!(await reachable())) return phone.say(t('leave.offline'), 'warn');
    await forgetPerson();
    location.assign('/logout');
  }
}

function reachable() {
  return phone.engine.ping().then(
    () => true,
    () => false,
  );
}

/** `12.3 MB / 2 GB`, as far as the browser tells. @returns {Promise<string|null>} */
async function space() {
  try {
    const {usage = 0, quota = 0} = await navigator.storage.estimate();
    return t('me.space-of', {used: megabytes(usage), quota: megabytes(quota)});
  } catch {
    return null;
  }
}

customElements.define('tc-me', Me);
