// What a browser may load of this package: no Node, no database.
export { callData, contractsOf, type Contracts, decodeResult, interfaceOf } from '../contracts.js';
export * from '../deployment.js';
export { abis } from '../generated/abis.js';
export { roomFor } from '../room-for.js';
export { describeRevert } from '../submitter/revert.js';
export type { ArgumentsOf, FunctionName, ResultOf } from '../typed.js';
