// What every service finds in its container: `@Inject(DATABASE) database: Database<…>` and so on.
export const DATABASE = Symbol('Database');
export const ENV = Symbol('Env');
export const LOG = Symbol('Logger');
export const CLOCK = Symbol('Clock');
export const REGISTRY = Symbol('Registry');
export const SHUTDOWN = Symbol('Shutdown');
export const SERVICE = Symbol('ServiceName');

/** The time, as a value that tests can set. */
export type Clock = () => Date;
