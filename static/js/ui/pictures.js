/** Photos of the server as pictures that are ready to be shown. */

/** @param {string} url @param {string} alt @returns {Promise<HTMLImageElement>} rejects where it cannot be had or is no picture */
export async function decoded(url, alt) {
  const image = new Image();
  image.alt = alt;
  image.src = url;
  await image.decode();
  return image;
}

/** The whole photo; out of reach its thumbnail, if the browser still has that. @param {string} sha256 @param {string} alt @returns {Promise<import('./open-table.js').Loaded>} */
export async function ofServer(sha256, alt) {
  const address = `/api/photos/${sha256}`;
  try {
    return {image: await decoded(address, alt), small: false};
  } catch {
    return {image: await decoded(`${address}/thumbnail`, alt).catch(() => null), small: true};
  }
}

/** @typedef {import('./open-table.js').Slide} Slide @typedef {import('./open-table.js').Loaded} Loaded */

const KEPT = 4; // that stay decoded: the last ones and the next

/** Pictures that are there at once when somebody comes back to them, or goes on. */
export class Pictures {
  /** @type {Map<string, Promise<Loaded>>} the latest stands last */ kept = new Map();

  /** @param {Slide} slide @param {(slide: Slide) => Promise<Loaded>} load @returns {Promise<Loaded>} */
  of(slide, load) {
    const {kept} = this;
    const found = kept.get(slide.sha256) ?? load(slide).catch(() => ({image: null, small: true}));
    kept.delete(slide.sha256);
    kept.set(slide.sha256, found);
    for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
    return found;
  }
}
