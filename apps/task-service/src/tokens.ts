export const SIGNATURES = Symbol('Signatures');
export const OBJECTS = Symbol('Objects');
