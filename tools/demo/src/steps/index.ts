import type { Step } from '../context.js';
import { signInAll } from './01-sign-in.js';
import { names } from './02-names.js';
import { keys } from './03-keys.js';
import { datasets } from './04-datasets.js';
import { draft } from './05-draft.js';
import { register } from './06-register.js';
import { stake } from './07-stake.js';
import { train } from './08-train.js';
import { open } from './09-open.js';
import { submit } from './10-submit.js';
import { interrupt } from './11-interrupt.js';
import { download } from './12-download.js';
import { close } from './13-close.js';
import { finalise } from './14-finalise.js';
import { audit } from './15-audit.js';

/** The competition, in order. Each later part of the arena adds its own. */
export const steps: readonly Step[] = [
  signInAll,
  names,
  keys,
  datasets,
  draft,
  register,
  stake,
  train,
  open,
  submit,
  interrupt,
  download,
  close,
  finalise,
  audit,
];
