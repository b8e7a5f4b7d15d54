import type { Step } from '../context.js';
import { signInAll } from './01-sign-in.js';
import { names } from './02-names.js';
import { keys } from './03-keys.js';
import { datasets } from './04-datasets.js';
import { draft } from './05-draft.js';
import { open } from './06-open.js';
import { interrupt } from './07-interrupt.js';
import { download } from './08-download.js';
import { close } from './09-close.js';
import { finalise } from './10-finalise.js';
import { audit } from './11-audit.js';

/** The competition, in order. Each later part of the arena adds its own. */
export const steps: readonly Step[] = [
  signInAll,
  names,
  keys,
  datasets,
  draft,
  open,
  interrupt,
  download,
  close,
  finalise,
  audit,
];
