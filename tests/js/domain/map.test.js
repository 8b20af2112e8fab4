import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  bearing,
  labelled,
  metresFrom,
  moved,
  pixelOf,
  scaleBar,
  viewOf,
  widthOf,
  windOf,
  zoomed,
} from '../../../static/js/domain/map.js';
import {distance} from '../../../static/js/domain/places.js';

const BOX = {width: 360, height: 300, padding: 30};
const HALL = {latitude: 43.9333, longitude: 116.0833};
const VILLAGE = {latitude: 44.0333, longitude: 116.0833};
const MINE = {latitude: 43.98, longitude: 116.3};
const near = (a, b, within = 0.01) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

test('east and north in metres agree with the great circle to a thousandth', () => {
  const {east, north} = metresFrom(HALL, MINE);
  near(Math.hypot(east, north) / distance(HALL, MINE), 1, 0.001);
  assert.ok(east > 0 && north > 0);
});

test('a step over the date line is a short one', () => {
  near(metresFrom({latitude: 0, longitude: 179.9}, {latitude: 0, longitude: -179.9}).east, 22239, 1);
});

test('all points are inside the box, and the widest reach its padding', () => {
  const view = viewOf([HALL, VILLAGE, MINE], BOX);
  const pixels = [HALL, VILLAGE, MINE].map((spot) => pixelOf(view, BOX, spot));
  for (const {x, y} of pixels) {
    assert.ok(x >= 29.9 && x <= 330.1 && y >= 29.9 && y <= 270.1, `${x} ${y}`);
  }
  near(Math.max(...pixels.map(({x}) => x)) - Math.min(...pixels.map(({x}) => x)), 300, 0.5);
  assert.ok(pixels[1].y < pixels[0].y, 'north is up');
});

test('a metre is as long to the east as to the north', () => {
  const view = viewOf([HALL, VILLAGE], BOX);
  const centre = pixelOf(view, BOX, view.centre);
  const degree = 0.01 / Math.cos((view.centre.latitude * Math.PI) / 180);
  const east = pixelOf(view, BOX, {...view.centre, longitude: view.centre.longitude + degree});
  const north = pixelOf(view, BOX, {...view.centre, latitude: view.centre.latitude + 0.01});
  near(east.x - centre.x, centre.y - north.y, 0.01);
});

test('one point alone stands in the middle of some hundred metres', () => {
  const view = viewOf([HALL], BOX);
  near(view.scale, 240 / 300, 1e-9);
  assert.deepEqual(pixelOf(view, BOX, HALL), {x: 180, y: 150});
});

test('zooming leaves what lies under the finger, and has ends', () => {
  const view = viewOf([HALL, VILLAGE, MINE], BOX);
  const at = pixelOf(view, BOX, VILLAGE);
  const closer = zoomed(view, BOX, 3, at);
  near(closer.scale, view.scale * 3, 1e-9);
  const after = pixelOf(closer, BOX, VILLAGE);
  near(after.x, at.x, 0.5);
  near(after.y, at.y, 0.5);
  assert.equal(zoomed(view, BOX, 1e9).scale, 4);
  assert.equal(zoomed(view, BOX, 1e-9).scale, 1 / 2000);
});

test('the paper follows the finger', () => {
  const view = viewOf([HALL, VILLAGE], BOX);
  const before = pixelOf(view, BOX, HALL);
  const after = pixelOf(moved(view, 40, -25), BOX, HALL);
  near(after.x - before.x, 40, 0.1);
  near(after.y - before.y, -25, 0.1);
});

test('a scale bar is 1, 2 or 5 with noughts, and fits', () => {
  for (const [scale, metres] of [
    [1, 100],
    [0.5, 200],
    [0.2, 500],
    [0.1, 1000],
    [0.021, 2000],
    [0.004, 20000],
    [3.9, 20],
  ]) {
    const bar = scaleBar(scale, 100);
    assert.equal(bar.metres, metres);
    assert.ok(bar.width <= 100.0001 && bar.width > 39, String(bar.width));
  }
});

test('bearings go clockwise from north', () => {
  assert.equal(bearing(HALL, VILLAGE), 0);
  assert.equal(bearing(VILLAGE, HALL), 180);
  near(bearing({latitude: 0, longitude: 0}, {latitude: 0, longitude: -1}), 270, 1e-9);
  assert.equal(windOf(HALL, MINE), 'e');
  assert.equal(windOf({latitude: 0, longitude: 0}, {latitude: 1, longitude: -0.1}), 'n');
  assert.equal(windOf({latitude: 0, longitude: 0}, {latitude: -1, longitude: 1}), 'se');
});

test('labels cover neither each other, nor a shape, nor the edge', () => {
  const label = (x, y, more = {}) => ({x, y, room: 10, width: 60, height: 16, ...more});
  const labels = [label(100, 100), label(150, 100), label(100, 130), label(340, 150), label(180, 290)];
  const places = labelled(labels, BOX);
  assert.ok(places.every(Boolean));
  const rects = places.map((place) => ({...place, width: 60, height: 16}));
  const shapes = labels.map(({x, y}) => ({x: x - 10, y: y - 10, width: 20, height: 20}));
  const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  for (const [i, rect] of rects.entries()) {
    assert.ok(rect.x >= 0 && rect.x + 60 <= 360 && rect.y >= 0 && rect.y + 16 <= 300);
    assert.ok(shapes.every((shape, other) => other === i || !meet(rect, shape)));
    assert.ok(rects.every((one, other) => other === i || !meet(rect, one)));
  }
});

test('of a crowd some stay without a label, but not the one that is wanted', () => {
  const crowd = Array.from({length: 40}, (_, i) => ({
    x: 150 + (i % 8) * 6,
    y: 130 + Math.floor(i / 8) * 6,
    room: 10,
    width: 80,
    height: 16,
  }));
  const places = labelled(crowd, BOX);
  assert.ok(places.filter(Boolean).length < 10);
  assert.equal(labelled(crowd.slice(0, 1), BOX, [{x: 0, y: 0, width: 360, height: 300}])[0], null);
  assert.ok(labelled([{...crowd[0], wanted: true}], BOX, [{x: 0, y: 0, width: 360, height: 300}])[0]);
});

test('a Chinese character is as wide as high', () => {
  assert.equal(widthOf('村邮站', 12), 36);
  near(widthOf('S03', 10), 18, 1e-9);
});
