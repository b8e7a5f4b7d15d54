export const FAUCET = Symbol('Faucet');
