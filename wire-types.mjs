/**
 * The types of what crosses the wire, made of the server's own description of it: static/js/wire.d.ts.
 *
 *   .venv/bin/flask --app webapp openapi print | .venv/bin/npm run wire     writes the file
 *   … | .venv/bin/node wire-types.mjs --print                               only says what would stand in it
 *
 * tests/contracts/test_wire_types.py holds the file equal to what is made now.
 */

import {writeFileSync} from 'node:fs';
import {json} from 'node:stream/consumers';
import openapiTS, {astToString} from 'openapi-typescript';

const FILE = new URL('static/js/wire.d.ts', import.meta.url);
const HEAD = '/** Made by wire-types.mjs of the OpenAPI document; never changed by hand. */\n\n';

/** Only the shapes: which address answers with which of them, the code knows by itself. */
async function typesOf({openapi, info, components: {schemas}}) {
  return HEAD + astToString(await openapiTS({openapi, info, paths: {}, components: {schemas}}));
}

const types = await typesOf(await json(process.stdin));
if (process.argv.includes('--print')) process.stdout.write(types);
else writeFileSync(FILE, types);
