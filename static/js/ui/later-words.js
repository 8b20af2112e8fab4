/** The words of every screen but Today come with those screens: what Today waits for stays small. */

import {WORDS as CASES} from '../messages/cases.js';
import {WORDS as SCREENS} from '../messages/screens.js';
import {teach} from './language.js';

teach(SCREENS);
teach(CASES);
