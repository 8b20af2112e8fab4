/** How a receipt's photo should be, drawn: one that will do, and three that will not. */

import {html, svg} from 'lit';
import {icon} from '../ui/icons.js';
import {t} from '../ui/language.js';

const LINES = svg`<path class="good-ink" d="M-18-22H6M-18-12H14M-18-2H10M-18 8H2"/><path class="good-pen" d="M-4 20c4-8 6-8 6-2s4 4 6-2 4 2 8-2"/>`;
const SHEET = svg`<rect class="good-sheet" x="-26" y="-34" width="52" height="68" rx="2"/>${LINES}`;

/** Each within a frame of 100 × 100, the picture's edge. */
const PICTURES = {
  whole: svg`<g transform="translate(50 50) rotate(-3)">${SHEET}</g>`,
  cut: svg`<g transform="translate(84 38) rotate(-6)">${SHEET}</g>`,
  glare: svg`<g transform="translate(50 50) rotate(-3)">${SHEET}</g><ellipse class="good-glare" cx="56" cy="48" rx="20" ry="15"/>`,
  far: svg`<g transform="translate(56 46) rotate(8) scale(.4)">${SHEET}</g>`,
};

/** @param {keyof typeof PICTURES} name */
function picture(name) {
  const good = name === 'whole';
  return html`
    <figure class="good ${good ? 'good-yes' : 'good-no'}">
      <svg viewBox="0 0 100 100" role="img" aria-label=${t(`good.${name}`)}><rect class="good-table" width="100" height="100"/>${PICTURES[name]}</svg>
      <figcaption>${icon(good ? 'check' : 'cross')}${t(`good.${name}`)}</figcaption>
    </figure>`;
}

export function goodPhoto() {
  return html`
    <p>${t('good.text')}</p>
    <div class="goods">${picture('whole')}${picture('cut')}${picture('glare')}${picture('far')}</div>`;
}
