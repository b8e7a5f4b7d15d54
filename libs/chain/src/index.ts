export * from './contracts/index.js';
export { readDeployment } from './read-deployment.js';
export type { Fault } from './rpc/core/classify.js';
export type { BlockRange } from './rpc/core/suggested-range.js';
export { endpoint, type Endpoint, type EndpointOptions } from './rpc/endpoint.js';
export { type ProviderHealth, type Providers, type ProvidersOptions, startProviders } from './rpc/providers.js';
export { bigQuantity, quantity, toQuantity } from './rpc/quantity.js';
export { RpcError } from './rpc/rpc-error.js';
export type { Parse, Question, Rpc } from './rpc/rpc.js';
export { migrations } from './submitter/migrations.js';
export type { TransactionSigner } from './submitter/signer.js';
export {
  startSubmitter,
  type Submitter,
  type SubmitterGauges,
  type SubmitterOptions,
} from './submitter/start-submitter.js';
export { type Fate, KeyReused, type Wanted } from './submitter/submit.js';
export { deployArena, type DeployOptions, NotDeployed } from './deploy/deploy-arena.js';
export { type Parameters, type Profile, profiles, type Roles } from './deploy/parameters.js';
export { roleIds } from './deploy/plan.js';
export { readContract } from './read-contract.js';
