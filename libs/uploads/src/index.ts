export {
  countParts,
  faultOfParts,
  partSizeFor,
  partsToSign,
  sizeOfPart,
  type Cut,
  type LandedPart,
} from './core/parts.js';
export { objectStoreEnv, openObjectStore, type ObjectStoreEnv } from './object-store.js';
export { reached } from './reached.js';
export { uploadFiles, type UploadFiles } from './upload-files.js';
