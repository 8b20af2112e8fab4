/** Every screen but Today: one file, fetched when Today stands. */

import '../ui/later-words.js';
import {phone} from '../ui/phone.js';
import {watchPhotos} from '../ui/photo-table.js';
import {watchPull} from '../ui/pull.js';
import {keepStorage} from '../ui/room.js';
import './case.js';
import './check.js';
import './help.js';
import './me.js';
import './mine.js';
import './notices.js';
import './place.js';
import './places.js';
import './receipts.js';
import './record.js';
import './records.js';
import './register.js';
import './relay.js';
import './rescue.js';
import './verdicts.js';
import './volumes.js';

watchPull(window);
watchPhotos(document);
phone.store.addEventListener('change', (event) => /** @type {CustomEvent} */ (event).detail.queued && keepStorage());
addEventListener('appinstalled', keepStorage);
