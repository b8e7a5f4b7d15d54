// A model over a dataset: batches go to the child while earlier ones are computed, outputs go to the metric as they
// come. The labels never leave this process, and nothing is held but the few batches under way.
import type { TaskSpec } from '@arena/contracts';
import { startScoring, type Dataset, type Labels, type Score, type Scoring, type ScoringSpec } from '@arena/scoring';
import type { DisqualifyRule, Tensor } from '@arena/scoring';
import { ModelFailure } from './failure.js';
import { misfitOf } from './misfit.js';
import { startModel, type ModelOptions, type RunningModel } from './start-model.js';

type HowToRun = Pick<ModelOptions, 'model' | 'provider' | 'threads' | 'optimisation' | 'command' | 'signal'>;

export interface ScoreOptions extends HowToRun {
  dataset: Dataset;
  spec: ScoringSpec;
  limits: Pick<TaskSpec['evaluation'], 'batchSize' | 'timeoutSeconds' | 'memoryBytes'>;
  onProgress?: ((progress: { rows: number; total: number }) => void) | undefined;
}

export type ScoreOutcome =
  | { outcome: 'scored'; score: Score }
  | { outcome: 'disqualified'; rule: DisqualifyRule; detail: string }
  | { outcome: 'failed'; failure: ModelFailure };

/** Of inputs and outputs under way together; below that, waking the other side costs more than small models do. */
const AHEAD_BYTES = 4 * 1024 * 1024;
const AHEAD_MOST = 16;

/**
 * What is the model's doing is an outcome. Throws where it is not: a DataError of the dataset, its source's own errors,
 * the reason of an abort.
 */
export async function scoreModel({ dataset, spec, limits, onProgress, ...how }: ScoreOptions): Promise<ScoreOutcome> {
  const scoring = startScoring(spec, dataset);
  try {
    const model = await startModel({
      ...how,
      memoryBytes: limits.memoryBytes,
      timeoutMs: limits.timeoutSeconds * 1000,
      outputBytesMax: limits.memoryBytes,
    });
    try {
      const misfit = misfitOf(model.inputs, dataset.inputs);
      if (misfit !== undefined) throw new ModelFailure('bad-input', misfit);
      await runOver(model, dataset.batches(limits.batchSize), scoring, rows =>
        onProgress?.({ rows, total: dataset.rows }),
      );
    } finally {
      await model.close();
    }
  } catch (error) {
    if (error instanceof ModelFailure) return { outcome: 'failed', failure: error };
    throw error;
  }
  const result = scoring.result();
  if ('primary' in result) return { outcome: 'scored', score: result };
  return { outcome: 'disqualified', rule: result.disqualified, detail: result.detail };
}

interface UnderWay {
  answer: Promise<Tensor[]>;
  labels: Labels;
  bytes: number;
}

async function runOver(
  model: RunningModel,
  batches: ReturnType<Dataset['batches']>,
  scoring: Scoring,
  onRows: (rows: number) => void,
): Promise<void> {
  const underWay: UnderWay[] = [];
  let bytesUnderWay = 0;
  let answerBytes = 0;

  const isOver = (share: number): boolean =>
    underWay.length > share * AHEAD_MOST || (underWay.length > 1 && bytesUnderWay > share * AHEAD_BYTES);

  async function settleOne(): Promise<void> {
    const { answer, labels, bytes } = underWay.shift() as UnderWay;
    const outputs = await answer;
    bytesUnderWay -= bytes;
    answerBytes = bytesOf(outputs);
    scoring.add(outputs, labels);
    onRows(labels.first + labels.rows);
  }

  for await (const { inputs, labels } of batches) {
    const answer = model.run(inputs);
    // It is awaited in its turn; until then a failure is not unhandled.
    answer.catch(() => undefined);
    const bytes = bytesOf(inputs) + answerBytes;
    underWay.push({ answer, labels, bytes });
    bytesUnderWay += bytes;
    // Half of them are taken back before more are sent, so that small ones travel together.
    if (isOver(1)) while (isOver(0.5) && !scoring.disqualified) await settleOne();
    if (scoring.disqualified) return;
  }
  while (underWay.length > 0 && !scoring.disqualified) await settleOne();
}

const bytesOf = (tensors: readonly Tensor[]): number => tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
