/** Labels as a printer makes them, in the picture of a camera; for the reader that the phone has. */

import {readFileSync} from 'node:fs';
import {prepareZXingModule, writeBarcode} from 'zxing-wasm/writer';

const WASM = new URL('../../node_modules/zxing-wasm/dist/writer/zxing_writer.wasm', import.meta.url);
prepareZXingModule({overrides: {wasmBinary: readFileSync(WASM)}});

/** The light of an empty label. */
export const PAPER = 235;

/**
 * A picture with labels in it.
 * @param {{text: string, format?: string, x?: number, y?: number, high?: number, inverted?: boolean}[]} labels
 * @returns {Promise<{width: number, height: number, data: Uint8ClampedArray}>} RGBA
 */
export async function pictureOf(labels, {width = 1280, height = 432, ground = PAPER} = {}) {
  const picture = {width, height, data: new Uint8ClampedArray(width * height * 4).fill(255)};
  fill(picture, {x: 0, y: 0, wide: width, high: height}, () => ground);
  for (const {text, format = 'Code128', x = 100, y = 120, high = 160, inverted = false} of labels) {
    const {symbol, error} = await writeBarcode(text, {format, addQuietZones: true});
    if (error) throw new Error(error);
    const scale = symbol.width < 60 ? 5 : 3;
    const tall = symbol.width < 60 ? symbol.height * scale : high;
    fill(picture, {x, y, wide: symbol.width * scale, high: tall}, (across, down) => {
      const row = symbol.width < 60 ? Math.floor(down / scale) : 0;
      const light = symbol.data[row * symbol.width + Math.floor(across / scale)];
      return inverted ? 255 - light : light;
    });
  }
  return picture;
}

/** Paints a part of the picture in greys. */
export function fill({width, data}, {x, y, wide, high}, light) {
  for (let down = 0; down < high; down++)
    for (let across = 0; across < wide; across++) {
      const at = ((y + down) * width + x + across) * 4;
      data.fill(light(across, down), at, at + 3);
    }
}
