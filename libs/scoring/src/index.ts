export type { Batch, Column, Dataset, DatasetFormat, Labels } from './dataset.js';
export { DataError, dataErrorCodes, type DataErrorCode } from './error.js';
export { openDataset } from './open-dataset.js';
export type { Disqualified, DisqualifyRule, Score, ScoreResult, Scoring, ScoringSpec } from './scoring.js';
export { bytesSource, type ByteSource } from './source.js';
export { startScoring } from './start-scoring.js';
export type { DataType, Tensor, TensorData } from './tensor.js';
