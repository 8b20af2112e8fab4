/** How item numbers look to a reader: in groups, as they stand on labels. */

/** `RR123456785CN` → `RR 123 456 785 CN`, 13 digits in groups of four or five. @param {string} number */
export function grouped(number) {
  const s10 = /^([A-Z]{2})(\d{3})(\d{3})(\d{3})([A-Z]{2})$/.exec(number);
  if (s10) return s10.slice(1).join(' ');
  if (/^\d{13}$/.test(number)) return number.replace(/^(\d{4})(\d{4})(\d{5})$/, '$1 $2 $3');
  return number;
}
