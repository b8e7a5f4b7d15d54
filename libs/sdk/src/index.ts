export { createClient, type Client, type ClientOptions } from './client.js';
export { ArenaError, type ArenaErrorCode, type LocalCode } from './error.js';
export type { Answer, CallName, FreshAnswer, Item, ListName, Received, Sent, SentOnce, Unchanged } from './types.js';
export type { Followed, ReceivedEvent, StreamName } from './types.js';
export { downloadDataset, type DownloadOptions } from './datasets/download.js';
export type { Downloaded, DownloadProgress, ReceiveOptions } from './downloads/receive.js';
export { uploadDataset, type UploadOptions, type UploadProgress } from './datasets/upload.js';
export {
  inspectModel,
  type CanonicalModel,
  type InspectedModel,
  type InspectOptions,
  type ModelReason,
} from './models/inspect-model.js';
export { commitModel, modelCommitment, type CommitmentOf, type CommittedModel } from './submissions/commitment.js';
export { downloadOriginal, type DownloadOriginalOptions } from './submissions/download-original.js';
export type { Submission, SubmitOptions, SubmitProgress } from './submissions/options.js';
export { submitModel } from './submissions/submit.js';
export { verdictOn, type VerdictOptions } from './submissions/verdict.js';
export type { NewHash, RunningHash } from './uploads/hash.js';
export type { SendOptions } from './uploads/options.js';
export { blobSource, bytesSource, type ByteSource } from './uploads/source.js';
export { injectedWallet, type Eip1193Provider } from './wallet/injected.js';
export { authoriseReceiptKey, type ReceiptKeyAuthorisation } from './wallet/receipt-key.js';
export { signIn, type SignedIn, type SignInOptions } from './wallet/sign-in.js';
export { signInMessage, type SignInFields } from './wallet/sign-in-message.js';
export type { TextSigner, TypedDataFields, TypedDataSigner, WithAddress } from './wallet/signer.js';
