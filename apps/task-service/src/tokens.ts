export const SIGNATURES = Symbol('Signatures');
