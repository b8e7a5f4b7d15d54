// What the arena's intake finds out about a model, before anything is uploaded: by the same code, from the same rules.
import type { RejectionCode, TaskSpec } from '@arena/contracts';
import {
  fingerprint,
  inspect,
  pad,
  similarityPpm,
  type FingerprintOptions,
  type ModelFiles,
  type ReasonCode,
  type Report,
} from '@arena/onnx';

export interface ModelReason {
  code: ReasonCode | RejectionCode;
  /** A JSON pointer into the model as ONNX names its fields; empty for the whole. */
  where: string;
  detail: string;
}

export interface CanonicalModel {
  /** Equal for models that differ in names, order and metadata alone: the second of them is rejected. */
  sha256: string;
  size: number;
  /** What `architecture: fixed` names. */
  graphHash: string;
  /** Bytes of the model as validators get it, filled up to a usual size. */
  blindSize: number;
  /** For the likeness to other models: pass the starter's as `starter`. */
  sketch: Uint8Array;
}

export interface InspectedModel {
  /** Nothing but its likeness to another's model can keep it out. */
  ok: boolean;
  /** Every reason at once. */
  reasons: ModelReason[];
  /** Null when the bytes cannot be read to their end. */
  report: Report | null;
  /** Null when there is anything against the file itself. */
  canonical: CanonicalModel | null;
  /** How much of the weights is the starter's, in parts per million; null where none was given. */
  starterPpm: number | null;
}

export interface InspectOptions extends Pick<FingerprintOptions, 'newHash'> {
  /** The sketch of the task's starter model. */
  starter?: Uint8Array | undefined;
  /** Takes the model as validators get it, chunk by chunk, each good until it returns. */
  onBlind?: ((chunk: Uint8Array) => void | Promise<void>) | undefined;
}

/** `rules` is the `model` of a task's spec. Throws only what the sources of the files throw. */
export async function inspectModel(
  files: ModelFiles,
  rules: TaskSpec['model'],
  { starter, onBlind, newHash }: InspectOptions = {},
): Promise<InspectedModel> {
  const inspection = await inspect(files, rules);
  const { ok, report, reasons } = inspection;
  if (!ok) return { ok, reasons, report, canonical: null, starterPpm: null };

  const print = await fingerprint(files, inspection.model, {
    ...(newHash && { newHash }),
    ...(onBlind && { sink: onBlind }),
  });
  const { sha256, size, graphHash, sketch } = print;
  const padding = pad(size);
  if (onBlind) for (const chunk of padding.chunks()) await onBlind(chunk);
  const against = judgeArchitecture(graphHash, rules.architecture);
  return {
    ok: against.length === 0,
    reasons: against,
    report,
    canonical: { sha256, size, graphHash, blindSize: padding.size, sketch },
    starterPpm: starter ? similarityPpm(sketch, starter) : null,
  };
}

const judgeArchitecture = (graphHash: string, wanted: TaskSpec['model']['architecture']): ModelReason[] =>
  wanted.mode === 'free' || wanted.graphHash === graphHash
    ? []
    : [
        {
          code: 'submission/architecture',
          where: '',
          detail: `Its graph hashes to ${graphHash}, not ${wanted.graphHash}`,
        },
      ];
