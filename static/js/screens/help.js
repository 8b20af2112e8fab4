/** Help: the first day again, a photo that will do, and what the Measures say of the own work. */

import {html, nothing} from 'lit';
import {kindsAt, workplaces} from '../domain/work.js';
import {icon} from '../ui/icons.js';
import {named, t} from '../ui/language.js';
import {phone} from '../ui/phone.js';
import {Screen, subBar} from '../ui/screen.js';
import {firstCards} from './first-day.js';
import {goodPhoto} from './good-photo.js';

async function readHelp() {
  const {store} = phone;
  const [units, articles] = await Promise.all([store.rows('unit'), store.get('articles')]);
  const kinds = workplaces(units, phone.kinds).flatMap((unit) => kindsAt(unit, units, phone.kinds));
  return {articles: articles ?? [], captures: kinds.some(({type}) => type === 'capture')};
}

/** @extends {Screen<Awaited<ReturnType<typeof readHelp>>>} */
export class Help extends Screen {
  async read() {
    return readHelp();
  }

  page() {
    const {articles, captures} = this.data;
    return html`
      ${subBar({title: t('title.help'), parent: '/app/me'})}
      <div class="page stack">
        <section class="card stack-tight" aria-labelledby="first"><h2 id="first" class="card-title">${t('first.title')}</h2>${firstCards(captures)}</section>
        <section class="card stack-tight" aria-labelledby="good"><h2 id="good" class="card-title">${t('good.title')}</h2>${goodPhoto()}</section>
        ${articles.length ? this.measures() : nothing}
        <section class="card stack-tight" aria-labelledby="help-more"><h2 id="help-more" class="card-title">${t('help.more')}</h2>
          ${['lost', 'wrong', 'signal', 'phone'].map((name) => html`<details class="fold"><summary>${icon('info')}${t(`help.${name}`)}</summary><p>${t(`help.${name}-text`)}</p></details>`)}
        </section>
      </div>`;
  }

  /** The Measures' own words, in their order. */
  measures() {
    return html`
      <section class="card stack-tight" aria-labelledby="measures"><h2 id="measures" class="card-title">${t('help.measures')}</h2>
        <dl class="articles">${this.data.articles.map((one) => html`<div data-article=${one.code}><dt>${t('article', {article: one.article})}</dt><dd>${named(one)}</dd></div>`)}</dl>
      </section>`;
  }
}

customElements.define('tc-help', Help);
