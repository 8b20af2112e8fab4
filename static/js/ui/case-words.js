/** The words of cases come with their screens: what Today waits for stays small. */

import {WORDS} from '../messages/cases.js';
import {teach} from './language.js';

teach(WORDS);
