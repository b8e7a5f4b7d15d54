export { canonicalise } from './canonical/canonicalise.js';
export { OnnxError, reasonCodes, type Reason, type ReasonCode } from './error.js';
export {
  fingerprint,
  type Fingerprint,
  type FingerprintOptions,
  type NewHash,
  type RunningHash,
} from './fingerprint/fingerprint.js';
export { similarityPpm, similarityTo } from './fingerprint/similarity.js';
export { inspect, type Inspection, type Report } from './inspect/inspect.js';
export type { Rules } from './inspect/rules.js';
export type { Declared } from './inspect/signature.js';
export { pad, stripPadding, type Padding } from './padding.js';
export type { SoundModel } from './sound.js';
export { bytesSource, type ByteSource, type ModelFiles } from './source.js';
