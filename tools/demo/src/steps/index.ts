import type { Step } from '../context.js';
import { signInAll } from './01-sign-in.js';
import { names } from './02-names.js';
import { keys } from './03-keys.js';
import { datasets } from './04-datasets.js';
import { draft } from './05-draft.js';
import { register } from './06-register.js';
import { stake } from './07-stake.js';
import { open } from './08-open.js';
import { interrupt } from './09-interrupt.js';
import { download } from './10-download.js';
import { close } from './11-close.js';
import { finalise } from './12-finalise.js';
import { audit } from './13-audit.js';

/** The competition, in order. Each later part of the arena adds its own. */
export const steps: readonly Step[] = [
  signInAll,
  names,
  keys,
  datasets,
  draft,
  register,
  stake,
  open,
  interrupt,
  download,
  close,
  finalise,
  audit,
];
