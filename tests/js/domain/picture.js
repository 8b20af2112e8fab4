/** Invented pictures in greys: a table, a sheet on it that may be turned, lines of strokes on the sheet, and what went wrong. */

const [TABLE, PAPER, INK] = [90, 215, 40];

/** @param {(x: number, y: number) => number} light @param {number} [width] @param {number} [height] */
export function picture(light, width = 640, height = 480) {
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at++) data[at] = light(at % width, Math.floor(at / width));
  return {width, height, data};
}

/**
 * A sheet on a table. `sheet`: its middle, half its width and height in pixels, its turn in degrees; `lines` of writing.
 * @returns {{width: number, height: number, data: Uint8Array}}
 */
export function receipt({
  x = 320,
  y = 240,
  wide = 150,
  high = 190,
  turn = 0,
  lines = 9,
  paper = PAPER,
  table = TABLE,
} = {}) {
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  return picture((column, row) => {
    const [dx, dy] = [column - x, row - y];
    const [u, v] = [dx * cos + dy * sin, dy * cos - dx * sin];
    if (Math.abs(u) > wide || Math.abs(v) > high) return table;
    return isInk(u + wide, v + high, wide, high, lines) ? INK : paper;
  });
}

/** Strokes three pixels apart, upright and flat, in lines over most of the sheet. */
function isInk(across, down, wide, high, lines) {
  const step = (2 * high) / (lines + 1);
  const line = Math.round(down / step);
  const within = down - line * step;
  if (line < 1 || line > lines || Math.abs(within) > 6) return false;
  if (across < wide * 0.2 || across > wide * (1.1 + 0.07 * ((line * 5) % 9))) return false;
  const letter = Math.floor(across) % 14;
  return letter < 10 && (letter % 5 === 0 || (Math.round(within) + 6) % 6 === 0);
}

/** Each pixel the mean of those so near, in rows, in columns or in both. */
export function smeared(grey, {across = 0, down = 0}) {
  const {width, height, data} = grey;
  return picture(
    (x, y) => {
      let [sum, all] = [0, 0];
      for (let row = Math.max(0, y - down); row <= Math.min(height - 1, y + down); row++)
        for (let column = Math.max(0, x - across); column <= Math.min(width - 1, x + across); column++, all++)
          sum += data[row * width + column];
      return sum / all;
    },
    width,
    height,
  );
}

/** Each pixel changed by what stands there. */
export function changed(grey, change) {
  return picture((x, y) => change(grey.data[y * grey.width + x], x, y), grey.width, grey.height);
}
