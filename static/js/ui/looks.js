/** How the camera's picture is looked at, in turn: what nearly every label is more often than whatever else there is. */

/** @typedef {import('zxing-wasm/reader').ReaderOptions} Options */

const MOST = 4; // labels in one picture
/** @type {Options} what nearly every label is: the quick look */
const POSTAL = {
  formats: ['Code128'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: false,
  maxNumberOfSymbols: MOST,
};
/** @type {Options} whatever else is printed on a parcel */
export const ANY = {
  ...POSTAL,
  formats: [
    'Code128',
    'Code39',
    'Code93',
    'Codabar',
    'ITF',
    'EAN13',
    'EAN8',
    'UPCA',
    'UPCE',
    'QRCode',
    'MicroQRCode',
    'DataMatrix',
  ],
};
/** Every other look is the quick one; light bars on dark ground are read in a picture turned round, as the reader turns none. */
export const LOOKS = [
  {options: POSTAL, inverted: false},
  {options: ANY, inverted: false},
  {options: POSTAL, inverted: false},
  {options: ANY, inverted: true},
];

/** Dark becomes light; how opaque a pixel is stays. @param {ImageData} picture */
export function turned(picture) {
  const pixels = new Uint32Array(picture.data.buffer);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] ^= 0x00ffffff;
  return picture;
}
