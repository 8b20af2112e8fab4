/** A place handed over to a map app. The link bears its name and its WGS 84 position, nothing else of the register; the app converts. */

/**
 * @typedef {{latitude: number, longitude: number, name: string}} Named
 * @typedef {{app: 'amap'|'baidu'|'system', href: string}} MapLink
 */

const SOURCE = 'toucha';

/** Which map the system itself opens. @param {string} agent the browser's name of itself @returns {'geo'|'apple'|null} null: none is known */
export function systemMap(agent) {
  if (/Android|HarmonyOS/i.test(agent)) return 'geo';
  return /iPhone|iPad|iPod|Macintosh/.test(agent) ? 'apple' : null;
}

/** The links for a place, that of the system last. @param {Named} place @param {string} agent @returns {MapLink[]} */
export function mapLinks({latitude, longitude, name}, agent) {
  const [lat, lng, title] = [latitude.toFixed(6), longitude.toFixed(6), encodeURIComponent(name)];
  const spot = [
    ['position', `${lng},${lat}`],
    ['name', title],
    ['src', SOURCE],
    ['coordinate', 'wgs84'],
    ['callnative', '1'],
  ];
  const marker = [
    ['location', `${lat},${lng}`],
    ['title', title],
    ['content', title],
    ['output', 'html'],
    ['coord_type', 'wgs84'],
    ['src', `webapp.${SOURCE}.${SOURCE}`],
  ];
  /** @type {MapLink[]} */
  const links = [
    {app: 'amap', href: `https://uri.amap.com/marker?${joined(spot)}`},
    {app: 'baidu', href: `https://api.map.baidu.com/marker?${joined(marker)}`},
  ];
  const system = systemMap(agent);
  if (system === 'geo') links.push({app: 'system', href: `geo:${lat},${lng}?q=${lat},${lng}(${bracketed(title)})`});
  if (system === 'apple') links.push({app: 'system', href: `https://maps.apple.com/?ll=${lat},${lng}&q=${title}`});
  return links;
}

/** @param {string[][]} pairs encoded already */
function joined(pairs) {
  return pairs.map((pair) => pair.join('=')).join('&');
}

/** Brackets end the label of a geo address. @param {string} title percent-encoded */
function bracketed(title) {
  return title.replace(/[()]/g, (bracket) => `%${bracket.charCodeAt(0).toString(16)}`);
}
