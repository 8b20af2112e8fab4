/** The words of every screen but Today come with those screens: what Today waits for stays small. */

import {zh as cases} from '../messages/cases.js';
import {zh as screens} from '../messages/screens.js';
import {teach} from './language.js';

teach(screens);
teach(cases);
