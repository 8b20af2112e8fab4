/**
 * How a photo lies on the light-table: how large, turned by how many quarters, and where. Pure geometry.
 *
 * Sizes of the photo are its own pixels, sizes and places on the table CSS pixels; places are told from the table's middle.
 */

export const MOST = 2; // CSS pixels for one of the photo
const READ = 2.5; // a double tap: so many times the whole photo, to read what is written on it

/**
 * @typedef {{width: number, height: number}} Size
 * @typedef {[number, number]} Point
 * @typedef {{scale: number, turn: number, x: number, y: number}} View `scale` CSS pixels for one of the photo, `turn` quarters
 *   clockwise (0 to 3), `x` and `y` where the photo's middle lies
 */

/** How large a photo is whole on the table. @param {Size} photo @param {Size} table @param {number} turn */
export function fitting(photo, table, turn) {
  const {width, height} = turned(photo, turn);
  return Math.min(table.width / width, table.height / height);
}

/** The sizes between which it is shown. @param {Size} photo @param {Size} table @param {number} turn */
export function limits(photo, table, turn) {
  const least = fitting(photo, table, turn);
  return {least, most: Math.max(MOST, least)};
}

/** The whole photo. @param {Size} photo @param {Size} table @param {number} [turn] @returns {View} */
export function whole(photo, table, turn = 0) {
  return {scale: fitting(photo, table, turn), turn, x: 0, y: 0};
}

/** Whether more is there than is seen. @param {View} view @param {Size} photo @param {Size} table */
export function isZoomed({scale, turn}, photo, table) {
  return scale > fitting(photo, table, turn) * 1.01;
}

/** Larger or smaller by `factor`, so that what lies at `at` stays there. @param {View} view @param {number} factor @param {Point} at @param {Size} photo @param {Size} table @returns {View} */
export function zoomed(view, factor, [x, y], photo, table) {
  const {least, most} = limits(photo, table, view.turn);
  const scale = Math.min(most, Math.max(least, view.scale * factor));
  const grown = scale / view.scale;
  return kept({...view, scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown}, photo, table);
}

/** A double tap: to where it can be read, and back to the whole. @param {View} view @param {Point} at @param {Size} photo @param {Size} table @returns {View} */
export function toggled(view, at, photo, table) {
  if (isZoomed(view, photo, table)) return whole(photo, table, view.turn);
  return zoomed(view, Math.max(READ, 1 / view.scale), at, photo, table);
}

/** @param {View} view @param {number} dx @param {number} dy @param {Size} photo @param {Size} table @returns {View} */
export function panned(view, dx, dy, photo, table) {
  return kept({...view, x: view.x + dx, y: view.y + dy}, photo, table);
}

/** A quarter clockwise, whole again. @param {View} view @param {Size} photo @param {Size} table @returns {View} */
export function quarter({turn}, photo, table) {
  return whole(photo, table, (turn + 1) % 4);
}

/** No edge of the photo further in than it must be. @param {View} view @param {Size} photo @param {Size} table @returns {View} */
function kept(view, photo, table) {
  const {width, height} = turned(photo, view.turn);
  const [right, down] = [beyond(width * view.scale, table.width), beyond(height * view.scale, table.height)];
  return {...view, x: Math.min(right, Math.max(-right, view.x)), y: Math.min(down, Math.max(-down, view.y))};
}

/** @param {number} shown @param {number} room */
function beyond(shown, room) {
  return Math.max(0, (shown - room) / 2);
}

/** @param {Size} photo @param {number} turn @returns {Size} as it is seen */
function turned({width, height}, turn) {
  return turn % 2 ? {width: height, height: width} : {width, height};
}

/** A place on the table as fractions of the width and height of the photo as it was taken. @param {View} view @param {Size} photo @param {Point} at @returns {Point} */
export function fractionAt({scale, turn, x, y}, photo, at) {
  const [right, down] = rotated([(at[0] - x) / scale, (at[1] - y) / scale], 4 - turn);
  return [right / photo.width + 0.5, down / photo.height + 0.5];
}

/** Where such fractions lie on the table. @param {View} view @param {Size} photo @param {Point} fraction @returns {Point} */
export function placeOf({scale, turn, x, y}, photo, fraction) {
  const middle = /** @type {Point} */ ([(fraction[0] - 0.5) * photo.width, (fraction[1] - 0.5) * photo.height]);
  const [right, down] = rotated(middle, turn);
  return [x + right * scale, y + down * scale];
}

/** By quarters clockwise, on a screen whose y grows downwards. @param {Point} point @param {number} quarters @returns {Point} */
function rotated([x, y], quarters) {
  const ways = /** @type {Point[]} */ ([
    [x, y],
    [-y, x],
    [-x, -y],
    [y, -x],
  ]);
  return ways[quarters % 4];
}
