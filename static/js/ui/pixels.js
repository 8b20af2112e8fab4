/** A picture made smaller, and what it holds. */

export const LONGEST = 1600; // of a photo as it is kept and sent
/** Of the picture that is judged, whatever the phone: `domain/picture` is made for it. */
export const LOOKED_AT = 640;

/** What a picture holds, made small. @param {HTMLImageElement|HTMLCanvasElement} picture @param {number} longest @returns {ImageData} */
export function pixels(picture, longest) {
  const small = drawn(picture, longest);
  const {width, height} = small;
  const image = /** @type {CanvasRenderingContext2D} */ (small.getContext('2d')).getImageData(0, 0, width, height);
  small.width = small.height = 0;
  return image;
}

/** @param {ImageBitmap|HTMLImageElement|HTMLCanvasElement} picture @param {number} longest */
export function drawn(picture, longest) {
  const [w, h] =
    'naturalWidth' in picture ? [picture.naturalWidth, picture.naturalHeight] : [picture.width, picture.height];
  const scale = Math.min(1, longest / Math.max(w, h));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(w * scale));
  canvas.height = Math.max(1, Math.round(h * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#fff'; // a transparent picture must not turn black as JPEG
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
