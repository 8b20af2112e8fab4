/** `node tests/js/label-file.js TEXT [FORMAT]`: a label as a camera sees it, 1280 × 720 RGBA bytes on standard output. */

import {pictureOf} from './labels.js';

const [text, format = 'Code128'] = process.argv.slice(2);
const {data} = await pictureOf([{text, format, x: 340, y: 280}], {width: 1280, height: 720});
process.stdout.write(data);
