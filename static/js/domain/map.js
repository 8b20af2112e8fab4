/** A map drawn by ourselves: north is up, a metre is as long to the east as to the north, and nothing is fetched for it. */

/**
 * @typedef {{latitude: number, longitude: number}} Spot  degrees WGS 84
 * @typedef {{width: number, height: number, padding: number}} Box  pixels; nothing that is to be seen stands in the padding
 * @typedef {{centre: Spot, scale: number}} View  what stands in the middle of the box, and pixels a metre
 * @typedef {{x: number, y: number}} Pixel  from the box's upper left corner
 * @typedef {{x: number, y: number, width: number, height: number}} Rect
 * @typedef {{x: number, y: number, room: number, width: number, height: number, wanted?: boolean}} Label  of a shape of radius
 *   `room` at x, y, in the order in which they get their places; `wanted`: it stands even where it covers something
 */

const DEGREE = (Math.PI / 180) * 6371008.8; // metres of a degree of latitude
const LEAST_SPAN = 300; // metres: one point alone is not looked at through a microscope
const NEAREST = 4; // pixels a metre
const FARTHEST = 1 / 2000;
const STEPS = [1, 2, 5];
const GAP = 3; // pixels between a shape and its label

/** East and north of `origin`, in metres: true enough over the width of a league. @param {Spot} origin @param {Spot} spot */
export function metresFrom(origin, spot) {
  const turned = ((((spot.longitude - origin.longitude + 180) % 360) + 360) % 360) - 180;
  return {
    east: turned * DEGREE * Math.cos((origin.latitude * Math.PI) / 180),
    north: (spot.latitude - origin.latitude) * DEGREE,
  };
}

/** The other way. @param {Spot} origin @param {number} east metres @param {number} north metres @returns {Spot} */
function spotAt(origin, east, north) {
  const across = DEGREE * Math.cos((origin.latitude * Math.PI) / 180);
  return {latitude: origin.latitude + north / DEGREE, longitude: origin.longitude + east / across};
}

/** All of them as large as the box allows, in its middle. @param {Spot[]} spots at least one @param {Box} box @returns {View} */
export function viewOf(spots, box) {
  const places = spots.map((spot) => metresFrom(spots[0], spot));
  const [easts, norths] = [places.map(({east}) => east), places.map(({north}) => north)];
  const [west, east, south, north] = [Math.min(...easts), Math.max(...easts), Math.min(...norths), Math.max(...norths)];
  const scale = Math.min(
    (box.width - 2 * box.padding) / Math.max(LEAST_SPAN, east - west),
    (box.height - 2 * box.padding) / Math.max(LEAST_SPAN, north - south),
  );
  return {centre: spotAt(spots[0], (west + east) / 2, (south + north) / 2), scale: within(scale)};
}

/** @param {number} scale */
function within(scale) {
  return Math.min(NEAREST, Math.max(FARTHEST, scale));
}

/** @param {View} view @param {Box} box @param {Spot} spot @returns {Pixel} */
export function pixelOf({centre, scale}, box, spot) {
  const {east, north} = metresFrom(centre, spot);
  return {x: box.width / 2 + east * scale, y: box.height / 2 - north * scale};
}

/** Nearer (`factor` above 1) or farther; what lies under `at` stays there. @param {View} view @param {Box} box @param {number} factor @param {Pixel} [at] @returns {View} */
export function zoomed(view, box, factor, at = {x: box.width / 2, y: box.height / 2}) {
  const scale = within(view.scale * factor);
  const [x, y] = [at.x - box.width / 2, at.y - box.height / 2];
  const lost = 1 / view.scale - 1 / scale;
  return {centre: spotAt(view.centre, x * lost, -y * lost), scale};
}

/** The paper is pulled so many pixels to the right and down. @param {View} view @param {number} right @param {number} down @returns {View} */
export function moved({centre, scale}, right, down) {
  return {centre: spotAt(centre, -right / scale, down / scale), scale};
}

/** The longest bar of a round length (1, 2 or 5 and noughts) that is no longer than `most` pixels. @param {number} scale @param {number} most */
export function scaleBar(scale, most) {
  const power = 10 ** Math.floor(Math.log10(most / scale));
  const metres = power * (STEPS.filter((step) => step * power * scale <= most).pop() ?? 1);
  return {metres, width: metres * scale};
}

/** Clockwise from north, 0 up to 360 degrees. @param {Spot} from @param {Spot} to */
export function bearing(from, to) {
  const {east, north} = metresFrom(from, to);
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}

const WINDS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'];

/** The nearest of the eight winds. @param {Spot} from @param {Spot} to */
export function windOf(from, to) {
  return WINDS[Math.round(bearing(from, to) / 45) % 8];
}

/** About how wide a text is: a Chinese character is as wide as high. @param {string} text @param {number} size pixels */
export function widthOf(text, size) {
  return [...text].reduce((sum, one) => sum + (one > '\u02ff' ? 1 : 0.6), 0) * size;
}

/**
 * Where each label stands: beside its shape where it covers neither a shape, nor another label, nor the box's edge. Null where there
 * is no such place; it is read by tapping the shape.
 * @param {Label[]} labels @param {Box} box @param {Rect[]} [taken] what is covered by nobody
 * @returns {(Pixel|null)[]} the upper left corner of each
 */
export function labelled(labels, box, taken = []) {
  const shapes = labels.map(({x, y, room}) => ({x: x - room, y: y - room, width: 2 * room, height: 2 * room}));
  const covered = [...taken];
  return labels.map((label, i) => {
    const others = shapes.filter((_, other) => other !== i);
    const places = placesOf(label);
    const free = places.find(
      (place) => isInside(place, box) && ![...covered, ...others].some((one) => meet(place, one)),
    );
    const chosen = free ?? (label.wanted ? (places.find((place) => isInside(place, box)) ?? places[0]) : null);
    if (chosen) covered.push(chosen);
    return chosen && {x: chosen.x, y: chosen.y};
  });
}

/** Right, left, below, above, then the corners. @param {Label} label @returns {Rect[]} */
function placesOf({x, y, room, width, height}) {
  const [right, left, middle] = [x + room + GAP, x - room - GAP - width, x - width / 2];
  const [below, above, beside] = [y + room + GAP, y - room - GAP - height, y - height / 2];
  const corners = /** @type {[number, number][]} */ ([
    [right, beside],
    [left, beside],
    [middle, below],
    [middle, above],
    [right - room / 2, below - room / 2],
    [left + room / 2, below - room / 2],
    [right - room / 2, above + room / 2],
    [left + room / 2, above + room / 2],
  ]);
  return corners.map(([one, other]) => ({x: one, y: other, width, height}));
}

/** @param {Rect} a @param {Rect} b */
function meet(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** @param {Rect} rect @param {Box} box */
function isInside({x, y, width, height}, box) {
  return x >= 0 && y >= 0 && x + width <= box.width && y + height <= box.height;
}
