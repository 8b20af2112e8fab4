/** Our own icons: outlines of a 24-unit square, drawn with the colour of the text beside them. */

import {html} from 'lit';

/** @type {Record<string, string>} */
const PATHS = {
  today: 'M5 4v2.5M19 4v2.5M4 6.5h16v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 10.5h16M9 15.5l2.2 2.2 4-4.4',
  records: 'M6 3.5h9l4 4v13H6zM15 3.5v4h4M9 12h7M9 16h5',
  inbox: 'M4 13.5 6.5 5h11L20 13.5V19H4zM4 13.5h4.5L9.75 16h4.5l1.25-2.5H20',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6',
  case: 'M6 21V3.5M6 4.5h12l-3 4.5 3 4.5H6',
  back: 'M19 12H5.5M11.5 5.5 5 12l6.5 6.5',
  next: 'm9 5.5 6.5 6.5L9 18.5',
  down: 'm5.5 9 6.5 6.5L18.5 9',
  check: 'm4.5 12.5 5 5L19.5 7',
  cross: 'M6 6l12 12M18 6 6 18',
  dash: 'M6 12h12',
  plus: 'M12 5v14M5 12h14',
  camera:
    'M4 8h3.5l1.5-2.5h6L16.5 8H20a.8.8 0 0 1 .8.8V19H3.2V8.8A.8.8 0 0 1 4 8zM12 16.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6z',
  scan: 'M4 8V4.5h4M16 4.5h4V8M20 16v3.5h-4M8 19.5H4V16M8 8.5v7M11 8.5v7M13.5 8.5v7M16 8.5v7',
  parcel: 'M12 3 4 7v10l8 4 8-4V7zM4 7l8 4 8-4M12 11v10M8 5l8 4v3.5',
  point: 'M12 21.5s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  receipt: 'M6 3v18l2-1.5 2 1.5 2-1.5 2 1.5 2-1.5 2 1.5V3zM9 8h6M9 12h3.5M13 14.5l1 1 2-2.5',
  verdict: 'M6 4h12v16H6zM9 4v-1h6v1M9 9h6M9 13.5l1.8 1.8L14.5 12',
  phone: 'M7 3h10v18H7zM11 18h2',
  cloud: 'M7.5 18.5a4.3 4.3 0 0 1-.5-8.6 5.3 5.3 0 0 1 10.2 1 3.9 3.9 0 0 1-.7 7.6z',
  sent: 'M7.5 18.5a4.3 4.3 0 0 1-.5-8.6 5.3 5.3 0 0 1 10.2 1 3.9 3.9 0 0 1-.7 7.6zM9.2 13.7l2.1 2.1 3.5-3.9',
  up: 'M12 19V6M6.5 11 12 5.5 17.5 11',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2',
  warn: 'M12 3.5 2.5 20h19zM12 10v4.5M12 17.2v.1',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v5.5M12 16.2v.1',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.7v.1',
  photo: 'M4 5h16v14H4zM4 16l4.5-4.5L13 16l2.5-2.5L20 18M15.5 9.5v.1',
  split: 'M12 20.5v-7M12 13.5 6 6M12 13.5 18 6M6 10V6h4M18 10V6h-4',
  undo: 'M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10H9',
  edit: 'M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  call: 'M7 3.5 4.5 5c0 8 6.5 14.5 14.5 14.5l1.5-2.5-4.5-3-2.2 1.8c-2-1-3.6-2.6-4.6-4.6L11 9z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20',
  target: 'M12 18.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM12 2.5v4M12 17.5v4M2.5 12h4M17.5 12h4',
  language: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  out: 'M10 4H5v16h5M14.5 8l4 4-4 4M18 12H9.5',
  share: 'M12 14.5V4M8 7.5 12 3.5l4 4M6 11H4.5v9.5h15V11H18',
  install: 'M12 4v10M7.5 10 12 14.5 16.5 10M5 19.5h14',
  light: 'M13 3 6 13.5h5L10 21l7-10.5h-5z',
  rise: 'M5.5 15 12 8.5l6.5 6.5',
  grip: 'M5 9h14M5 15h14',
  map: 'M9 4.5 3.5 7v12.5L9 17l6 2.5 5.5-2.5V4.5L15 7zM9 4.5V17M15 7v12.5',
  whole: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
  turn: 'M19 12a7 7 0 1 1-2.5-5.4M17 2.5v4.5h-4.5',
  circle: 'M12 19c4.7 0 8.5-3.1 8.5-7S16.7 5 12 5 3.5 8.1 3.5 12s3.8 7 8.5 7z',
  arrow: 'M19 19 6 6M6 13V6h7',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  list: 'M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5v.1M4.5 12v.1M4.5 17.5v.1',
};

/** @param {string} name @param {string} [extra] further classes */
export function icon(name, extra = '') {
  return outline(PATHS[name] ?? PATHS.info, extra);
}

/** An icon of one screen alone, which brings its outline with it. @param {string} path @param {string} [extra] */
export function outline(path, extra = '') {
  return html`<svg class="icon ${extra}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${path}></path></svg>`;
}
