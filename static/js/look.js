/** Before anything is painted: what somebody chose for this browser. A file of its own that the page waits for, a few hundred bytes. */

import {dress, KEY} from './ui/look.js';

dress();
addEventListener('storage', ({key}) => key === KEY && dress()); // another tab chose
