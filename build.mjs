/**
 * The browser build: static/js and static/css into static/built (ignored by git).
 *
 * Every file but the worker has its content's hash in its name; assets.json says which is which, for the server.
 * assets.json changes only after the whole build succeeded; files of earlier builds stay for a month.
 */

import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {build} from 'esbuild';
import {SUBJECTS} from './static/js/domain/subjects.js';
import {en} from './static/js/messages/en.js';
import {zh} from './static/js/messages/zh.js';
import {PATHS} from './static/js/ui/icon-paths.js';

const ROOT = dirname(fileURLToPath(import.meta.url));
const OUT = join(ROOT, 'static/built');
const ADDRESS = '/static/built/';
const SHELL = '/app/';
const ICON = /\.(png|svg|ico|webp|webmanifest)$/;
const INSTALLER = /^(screenshot|icon-(maskable-)?512)/;
const KEEP_DAYS = 30;

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  outdir: OUT,
  format: 'esm',
  target: ['chrome80', 'safari14.1', 'firefox90'],
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: ADDRESS,
  legalComments: 'external',
  loader: {'.wasm': 'file', '.svg': 'file', '.woff2': 'file'},
  external: ['/static/*'],
  logLevel: 'warning',
};

/**
 * Screens that come later also import the frame. All code that they share with it then has the same users, and esbuild
 * keeps it in one file: a dozen small ones are three waves of six requests, each a round trip on a phone's line.
 */
const FRAME = join(ROOT, 'static/js/screens/app-shell.js');
const oneSharedFile = {
  name: 'one shared file',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^\.\/.*\.js$/}, ({kind, path, resolveDir}) =>
      kind === 'dynamic-import' ? {path: join(resolveDir, path), pluginData: 'later'} : null,
    );
    onLoad({filter: /\/screens\/[^/]+\.js$/}, ({path, pluginData}) =>
      pluginData === 'later' ? {contents: `${readFileSync(path)}\nimport ${JSON.stringify(FRAME)};`} : null,
    );
  },
};

/** Bundles those of the sources that exist. Returns files with text and what esbuild knows of each. */
async function bundle(sources, options = {}) {
  const entryPoints = sources.filter((source) => existsSync(join(ROOT, source)));
  if (!entryPoints.length) return {files: [], about: {}};
  const {outputFiles, metafile} = await build({...COMMON, entryPoints, ...options});
  const about = Object.fromEntries(Object.entries(metafile.outputs).map(([path, info]) => [basename(path), info]));
  return {files: outputFiles.map(({path, contents}) => ({name: basename(path), contents})), about};
}

/** `{"app.js": "app-XXXX.js", …}`: under the name of each source that was asked for, and of each wasm. */
function names(about) {
  const pairs = Object.entries(about).map(([name, {entryPoint, inputs}]) => {
    const source = entryPoint ?? (name.endsWith('.wasm') ? Object.keys(inputs)[0] : null);
    return source && /^static\/(js|css)\/[^/]+$|\.wasm$/.test(source) ? [basename(source), name] : null;
  });
  return Object.fromEntries(pairs.filter(Boolean));
}

/** The chunks that the app asks for at once: the page preloads them beside the app itself. */
function preload(about, entry, seen = new Set()) {
  for (const {path, kind} of about[entry]?.imports ?? []) {
    const name = basename(path);
    if (kind !== 'import-statement' || seen.has(name) || !about[name]) continue;
    seen.add(name);
    preload(about, name, seen);
  }
  return [...seen];
}

/** The scanner is fetched afterwards, as best effort: its wasm, and every chunk that holds its reader. */
function isScanner({inputs}) {
  return Object.keys(inputs).some((input) => input.includes('zxing-wasm'));
}

/** Icons and the manifest, which keep their names; large icons and screenshots are for the installer alone. */
function icons() {
  const found = ['static', 'static/icons'].flatMap((folder) => {
    const names = existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder)) : [];
    return names.filter((name) => ICON.test(name) && !INSTALLER.test(name)).map((name) => `${folder}/${name}`);
  });
  return found.sort().map((path) => ({address: `/${path}`, contents: readFileSync(join(ROOT, path))}));
}

/** What the page itself is made of on the server: when it changes, so does the version. */
function shellSources() {
  const folder = join(ROOT, 'templates/app');
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => `app/${name}`) : [];
  const found = ['app.html', ...parts].map((name) => join(ROOT, 'templates', name)).filter((path) => existsSync(path));
  return found.sort().map((path) => readFileSync(path));
}

function manifest(about) {
  const parts = Object.entries(about).filter(([name]) => !name.endsWith('.txt') && !name.startsWith('desk-'));
  const address = ([name]) => ADDRESS + name;
  const needed = parts.filter(([, info]) => !isScanner(info)).map(address);
  const extra = parts.filter(([, info]) => isScanner(info)).map(address);
  const fixed = icons();
  const hash = createHash('sha256').update([...needed, ...extra].sort().join('\n'));
  for (const part of [...fixed.flatMap(({address, contents}) => [address, contents]), ...shellSources()])
    hash.update(part);
  const version = hash.digest('hex').slice(0, 12);
  return {version, shell: SHELL, needed: [...needed, ...fixed.map(({address}) => address)], extra};
}

/** The worker keeps its name: browsers look for changes in it at one address. */
function bundleWorker(list) {
  const define = {BUILD_MANIFEST: JSON.stringify(list)};
  return bundle(['static/js/service-worker.js'], {define, entryNames: '[name]', format: 'iife'});
}

/**
 * The words that come with Today, the icons and what work is about, for the server, which draws the first picture: texts with `{places}`, of a
 * function what it says of one and of several.
 */
function firstWords() {
  const spoken = (text) => (typeof text === 'function' ? [1, 2].map((n) => said(text, n)) : text);
  const of = (texts) => Object.fromEntries(Object.keys(zh).map((key) => [key, spoken(texts[key])]));
  const subjects = Object.entries(SUBJECTS).map(([code, subject]) => [code, told(subject)]);
  return {texts: {zh: of(zh), en: of(en)}, icons: PATHS, subjects: Object.fromEntries(subjects)};
}

/** What Today asks of a subject; `begins`: where the work begins of a capture, of items of the day's draw, of any other kind. */
function told({counted, numbered, icon, begins}) {
  const where = (kind) => begins({...kind, subject: ''}) ?? null;
  const capture = where({type: 'capture'});
  const draws = where({type: 'inspection', list: 'draws'});
  return {counted, numbered, icon, begins: {capture, draws, '': where({type: 'inspection'})}};
}

/** A sentence with its places left open; `n` alone decides between one and several. */
function said(text, n) {
  const values = new Proxy({n}, {get: (own, name) => own[name] ?? `{${String(name)}}`});
  return text(values).replaceAll(String(n), '{n}');
}

function put(name, contents) {
  writeFileSync(join(OUT, `${name}.part`), contents);
  renameSync(join(OUT, `${name}.part`), join(OUT, name));
}

/** The file, and beside it what the server sends to browsers that take it: a third of the bytes. */
function compressed({name, contents}) {
  const plain = {name, contents};
  if (contents.length < 1000 || !/\.(js|css|wasm)$/.test(name) || name === 'service-worker.js') return [plain];
  const packed = {'.gz': gzipSync(contents, {level: 9}), '.br': brotliCompressSync(contents)};
  return [plain, ...Object.entries(packed).map(([end, contents]) => ({name: name + end, contents}))];
}

/** A server that still runs, and pages that are still open, go on asking for the files of the build before. */
function isOld(path) {
  return Date.now() - statSync(path).mtimeMs > KEEP_DAYS * 24 * 60 * 60 * 1000;
}

function write(built, assets) {
  const files = built.flatMap(compressed);
  mkdirSync(OUT, {recursive: true});
  for (const {name, contents} of files) put(name, contents);
  put('first-words.json', JSON.stringify(firstWords()));
  put('assets.json', `${JSON.stringify(assets, null, 2)}\n`);
  const made = new Set([...files.map(({name}) => name), 'first-words.json', 'assets.json']);
  for (const name of readdirSync(OUT))
    if (!made.has(name) && isOld(join(OUT, name))) rmSync(join(OUT, name), {recursive: true});
}

/** What a first visit waits for, and what the worker fetches behind its back. */
function tell(files, list, assets) {
  const size = new Map(files.map(({name, contents}) => [ADDRESS + name, gzipSync(contents).length]));
  const first = [assets['look.js'], assets['app.js'], ...assets.preload, assets['app.css']].map(
    (name) => ADDRESS + name,
  );
  const later = list.needed.filter((address) => size.has(address) && !first.includes(address));
  for (const address of [...first, ...later, ...list.extra])
    console.log(String(size.get(address)).padStart(8), address, first.includes(address) ? '' : '(later)');
  const total = first.reduce((sum, address) => sum + size.get(address), 0);
  console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB of script and style, gzipped; version ${list.version}`);
}

const app = await bundle(['static/js/app.js'], {splitting: true, plugins: [oneSharedFile]});
const desk = await bundle(['static/js/desk.js'], {splitting: true});
const look = await bundle(['static/js/look.js'], {format: 'iife'});
const css = await bundle(['static/css/app.css', 'static/css/desk.css']);
const about = {...app.about, ...look.about, ...desk.about, ...css.about};
const list = manifest({...app.about, ...look.about, ...css.about});
const worker = await bundleWorker(list);
const files = [...app.files, ...look.files, ...desk.files, ...css.files, ...worker.files];
const assets = names(about);
assets.preload = preload(about, assets['app.js']);
assets.scanner = list.extra.map((address) => basename(address));
write(files, {...assets, version: list.version});
tell(files, list, assets);
