export { downloadDatasetTo, type DownloadToOptions } from './download-to.js';
export { fileSource, type FileSource } from './file-source.js';
export { nativeHash } from './native-hash.js';
