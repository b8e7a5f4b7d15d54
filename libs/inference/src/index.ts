export { withDataLimit, type Line } from './command-line.js';
export { ModelFailure, type FailureKind } from './failure.js';
export { isRuntimeInstalled } from './installed.js';
export { scoreModel, type ScoreOptions, type ScoreOutcome } from './score-model.js';
export { startModel, type ModelOptions, type RunningModel } from './start-model.js';
export { optimisations, type Declared } from './words.js';
