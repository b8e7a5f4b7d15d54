export { emissionOf, emittedBy } from './emission.js';
export { gmFor } from './vote-escrow.js';
