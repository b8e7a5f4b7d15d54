// Why a submission is rejected, beyond what is wrong with the file itself (those codes, `onnx/…`, are @arena/onnx's).
// The code is the contract; titles may be reworded.

interface RejectionRow {
  title: string;
  /** The fault was ours: the trainer's place in the quota is given back. */
  refund: boolean;
}

export const rejections = {
  'submission/size': { title: 'Other bytes landed than were declared', refund: false },
  'submission/sha256': { title: 'The bytes that landed hash to something else than was said', refund: false },
  'submission/architecture': { title: 'The graph is not the one that the task fixes', refund: false },
  'submission/duplicate-model': { title: 'The model equals an earlier one on this task', refund: false },
  'submission/earlier-commitment': { title: 'Another trainer had committed to this model before', refund: false },
  'submission/stake-not-final': { title: 'The stake never became final', refund: false },
  'submission/parts-gone': { title: 'The uploaded parts are gone from our object store', refund: true },
  'submission/cannot-be-inspected': { title: 'Our inspector broke down over this model, twice', refund: true },
} as const satisfies Record<string, RejectionRow>;

export type RejectionCode = keyof typeof rejections;
