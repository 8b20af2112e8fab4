/** How item numbers look to a reader: in groups, as they stand on labels. */

/** `RR123456785CN` → `RR 123 456 785 CN`, 13 digits in groups of four or five. @param {string} number */
export function grouped(number) {
  const s10 = /^([A-Z]{2})(\d{3})(\d{3})(\d{3})([A-Z]{2})$/.exec(number);
  if (s10) return s10.slice(1).join(' ');
  if (/^\d{13}$/.test(number)) return number.replace(/^(\d{4})(\d{4})(\d{5})$/, '$1 $2 $3');
  return number;
}

/** `1.4 MB`, below a tenth of one in kB. @param {number} bytes */
export function megabytes(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
