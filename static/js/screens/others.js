/** Every screen but Today: one file, fetched when Today stands. */

import {watchPull} from '../ui/pull.js';
import './check.js';
import './me.js';
import './receipts.js';
import './record.js';
import './records.js';
import './register.js';
import './relay.js';
import './rescue.js';
import './verdicts.js';
import './volumes.js';

watchPull(window);
