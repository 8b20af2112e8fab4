/** Kinds of record as the pull brings them, cut to what the tests need. */

const kind = (code, more) => ({
  code,
  type: 'inspection',
  subject: 'item',
  about: false,
  photo: 'fail',
  position: false,
  batch: null,
  roles: ['inspector'],
  zh: code,
  en: code,
  criteria: [],
  ...more,
});
const criteria = (...codes) => codes.map((code) => ({code, zh: code, en: code}));

export const PARCEL = kind('parcel', {class: 'parcel', batch: 20, criteria: criteria('on-time', 'feedback')});
export const RELAY = kind('relay', {
  subject: 'point',
  photo: 'always',
  position: true,
  criteria: criteria('handed-over', 'registered'),
});
export const RECEIPT = kind('receipt', {list: 'draws', about: true, photo: 'none', criteria: criteria('signed')});
export const CAPTURE = kind('capture', {type: 'capture', about: true, photo: 'always'});
