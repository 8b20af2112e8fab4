/** Lists that wait for a verdict, by day; each opens as one check. */

import {html, nothing} from 'lit';
import {localDay} from '../domain/days.js';
import {toJudge} from '../domain/draws.js';
import {actingFor, kindAt, workplaces} from '../domain/work.js';
import {nearDayText} from '../ui/dates.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {empty, Screen, subBar} from '../ui/screen.js';
import {open} from './beginning.js';

/** @param {string|null} code of the kind, where the address names one */
async function readLists(code) {
  const {store} = phone;
  const [units, draws, captures, records, chosen] = await Promise.all([
    store.rows('unit'),
    store.rows('draws'),
    store.rows('captures'),
    store.records(),
    store.get('unit'),
  ]);
  const kind = kindAt('verdicts', code, phone.kinds);
  const able = kind ? units.filter((unit) => actingFor(kind, unit, units)) : [];
  const lists = toJudge(draws, captures, records, phone.person?.id ?? '', (one) => one === kind?.code);
  const places = workplaces(units, kind ? [kind] : []);
  const here = places.find((unit) => unit.code === chosen) ?? places[0] ?? null;
  return {kind, units: able, here, lists: lists.filter(({unit}) => able.some((one) => one.code === unit))};
}

/** @typedef {import('../domain/types.js').Kind} Kind */

/** @extends {Screen<Awaited<ReturnType<typeof readLists>>>} */
export class Verdicts extends Screen {
  async read() {
    return readLists(this.route.id);
  }

  page() {
    const {kind, lists, here} = this.data;
    return html`
      ${subBar({title: named(kind) || t('title.verdicts'), parent: '/app/'})}
      <div class="page stack">
        ${lists.length ? html`<p class="muted">${t('verdicts.hint')}</p>` : empty({icon: 'verdict', title: t('verdicts.none'), text: t('verdicts.none-text')})}
        ${lists.map((list) => this.list(list))}
        ${kind && here ? this.other(kind, here) : nothing}
      </div>`;
  }

  /** @param {import('../domain/draws.js').DayList} list */
  list(list) {
    const {kind, units} = this.data;
    const name = units.find(({code}) => code === list.unit)?.name;
    const photographed = list.items.filter(({captures}) => captures.length).length;
    return html`
      <a class="card tile" href=${this.route.path} data-day=${list.day} @click=${(/** @type {Event} */ event) => this.start(event, kind, list.unit, list.day)}>
        <span class="tile-icon">${icon(list.items.length ? 'verdict' : 'check')}</span>
        <span class="grow"><b>${t('about-list', {day: nearDayText(list.day)})}</b>
          <small>${units.length > 1 ? `${name} · ` : ''}${list.items.length ? t('verdicts.count', {n: list.items.length, photos: photographed}) : t('verdicts.done', {n: list.done})}</small>
          ${list.announced ? html`<span class="chip chip-warn">${icon('info')}${t('announced')}</span>` : nothing}</span>
        ${icon('next', 'tile-next')}
      </a>`;
  }

  /** A day without a draw: items are chosen by oneself. @param {Kind} kind @param {import('../domain/types.js').Unit} unit */
  other(kind, unit) {
    const today = localDay(Date.now());
    const submit = (/** @type {SubmitEvent} */ event) => {
      const field = /** @type {HTMLInputElement} */ (
        /** @type {HTMLFormElement} */ (event.target).elements.namedItem('day')
      );
      this.start(event, kind, unit.code, field.value || today);
    };
    return html`
      <form class="card stack-tight" @submit=${submit}>
        <h2 class="card-title">${t('verdicts.other')}</h2>
        <div class="field"><label for="day">${t('verdicts.day')}</label><input id="day" name="day" type="date" max=${today} .value=${today} required></div>
        <button class="button button-wide">${t('verdicts.start')}</button>
      </form>`;
  }

  /** @param {Event} event @param {Kind|null} kind @param {string} unit @param {string} day */
  start(event, kind, unit, day) {
    event.preventDefault();
    if (kind) open(kind, unit, {about: day});
  }
}

customElements.define('tc-verdicts', Verdicts);
