/** Our own icons: outlines of a 24-unit square, drawn with the colour of the text beside them. */

import {html} from 'lit';
import {PATHS} from './icon-paths.js';

/** @param {string} name @param {string} [extra] further classes */
export function icon(name, extra = '') {
  return outline(PATHS[name] ?? PATHS.info, extra);
}

/** An icon of one screen alone, which brings its outline with it. @param {string} path @param {string} [extra] */
export function outline(path, extra = '') {
  return html`<svg class="icon ${extra}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${path}></path></svg>`;
}
