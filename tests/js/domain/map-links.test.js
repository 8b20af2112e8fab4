import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mapLinks, systemMap} from '../../../static/js/domain/map-links.js';

const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/124.0 Mobile';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15';
const DESK = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/124.0';
const STATION = {name: '巴彦 宝拉格&村邮站(东)', latitude: 44.0333, longitude: 116.0833};

function read(agent) {
  return Object.fromEntries(mapLinks(STATION, agent).map(({app, href}) => [app, new URL(href)]));
}

test('each app is told in words of its own that the position is WGS 84, and converts by itself', () => {
  const {amap, baidu} = read(DESK);
  assert.equal(amap.host + amap.pathname, 'uri.amap.com/marker');
  assert.equal(amap.searchParams.get('position'), '116.083300,44.033300', 'longitude first');
  assert.equal(amap.searchParams.get('coordinate'), 'wgs84');
  assert.equal(amap.searchParams.get('callnative'), '1');
  assert.equal(baidu.host + baidu.pathname, 'api.map.baidu.com/marker');
  assert.equal(baidu.searchParams.get('location'), '44.033300,116.083300', 'latitude first');
  assert.equal(baidu.searchParams.get('coord_type'), 'wgs84');
  assert.equal(baidu.searchParams.get('output'), 'html');
});

test('a name cannot add to the address, and nothing but it and the position leaves', () => {
  const {amap, baidu} = read(DESK);
  assert.equal(amap.searchParams.get('name'), STATION.name);
  assert.equal(baidu.searchParams.get('title'), STATION.name);
  assert.deepEqual([...amap.searchParams.keys()], ['position', 'name', 'src', 'coordinate', 'callnative']);
  assert.deepEqual([...baidu.searchParams.keys()], ['location', 'title', 'content', 'output', 'coord_type', 'src']);
});

test('the system’s own map is the phone’s', () => {
  assert.equal(systemMap(ANDROID), 'geo');
  assert.equal(systemMap(IPHONE), 'apple');
  assert.equal(systemMap(DESK), null);
  assert.match(read(ANDROID).system.href, /^geo:44\.033300,116\.083300\?q=44\.033300,116\.083300\(%E5.*%28.*%29\)$/);
  assert.equal(read(IPHONE).system.searchParams.get('ll'), '44.033300,116.083300');
  assert.equal(read(DESK).system, undefined);
});
