export { EnvError, readEnv, readEnvOrExit } from './read-env.js';
export type { EnvProblem, EnvSource } from './read-env.js';
export { flag, list, port, seconds, url } from './variables.js';
