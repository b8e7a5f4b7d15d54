export { checkModel, type CheckedModel, type CheckOptions, type CheckProgress } from './check-model.js';
export { downloadDatasetTo, type DownloadToOptions } from './download-to.js';
export { fileSource, type FileSource } from './file-source.js';
export { nativeHash, nativeMd5 } from './native-hash.js';
export { submitModelFile, type SubmitFileOptions } from './submit-model-file.js';
