// Every screen and the states in which the journeys look at it.

import { CORRECTED, ERASED, WITHHELD } from './api.mjs';

/** Without signing in. */
export const OPEN = { start: '/', verify: '/verify', accessibility: '/toegankelijkheid' };

/** Signed in as the auditor, who sees every case in part. */
export const SCREENS = {
  worklist: '/worklist',
  cases: '/cases',
  case: `/cases/${CORRECTED}`,
  'case with withheld facts': `/cases/${WITHHELD}`,
  'erased case': `/cases/${ERASED}`,
  replay: `/cases/${CORRECTED}/replay`,
  'replay before a correction': `/cases/${CORRECTED}/replay?step=30&known=0`,
  'replay with withheld facts': `/cases/${WITHHELD}/replay`,
  'replay of an erased case': `/cases/${ERASED}/replay`,
  seekers: '/seekers',
  'seekers of a region': '/seekers/amsterdam',
  'vacant homes': '/vacancies',
  regions: '/figures',
  figures: '/figures/amsterdam',
  'figures of a year without cases': '/figures/amsterdam?year=1994',
  'factsheet of a year that has ended': '/figures/amsterdam/factsheet?year=2025',
  'factsheet of the running year': '/figures/amsterdam/factsheet',
  rounds: '/rounds/amsterdam',
  'round with its agenda': '/rounds/amsterdam/2027-02-25',
  verify: '/verify',
};

/** Signed in as a guide, who sees the own cases as a whole. */
export const GUIDES = {
  worklist: '/worklist',
  cases: '/cases',
  case: `/cases/${CORRECTED}`,
  replay: `/cases/${CORRECTED}/replay`,
  'replay before a correction': `/cases/${CORRECTED}/replay?step=30&known=0`,
  'seekers of a region': '/seekers/assen',
  'vacant homes': '/vacancies',
  figures: '/figures',
  'what can be reported': `/cases/${CORRECTED}/report`,
  'a report': `/cases/${CORRECTED}/report/neighbours-met`,
  'a new case': '/new/intake-registered',
  'who saw this case': `/cases/${CORRECTED}/seen`,
  partners: '/partners',
};

/** What cannot be shown. */
export const ERRORS = {
  'no such case': '/cases/01900000-0000-7000-8000-00000000dead',
  'no such replay': '/cases/01900000-0000-7000-8000-00000000dead/replay',
  'no such region': '/figures/nowhere',
  'no such vacant home': '/vacancies/01900000-0000-7000-8000-00000000dead',
};
