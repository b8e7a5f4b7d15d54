import type { Dataset, Labels } from './dataset.js';
import { DataError } from './error.js';
import { roundToGrid } from './exact/grid.js';
import { Breach, type Metric } from './kinds/kind.js';
import { rules } from './kinds/table.js';
import { outputReader, type OutputReader } from './outputs.js';
import type { Disqualified, DisqualifyRule, ScoreResult, Scoring, ScoringSpec } from './scoring.js';
import { checkInputs } from './signature.js';
import type { Tensor } from './tensor.js';

class RunningScore implements Scoring {
  #next = 0;
  #disqualified: Disqualified | undefined;

  constructor(
    readonly spec: ScoringSpec,
    readonly dataset: Dataset,
    readonly read: OutputReader,
    readonly metric: Metric<string>,
  ) {}

  get disqualified(): Disqualified | undefined {
    return this.#disqualified;
  }

  add(outputs: readonly Tensor[], labels: Labels): void {
    if (labels.first !== this.#next) throw new RangeError(`row ${this.#next} is next, not ${labels.first}`);
    this.#next += labels.rows;
    if (this.#disqualified) return;
    try {
      this.metric.add(this.read(outputs, labels.rows), labels);
    } catch (error) {
      if (!(error instanceof Breach)) throw error;
      this.#disqualify(error.rule, error.detail);
    }
  }

  #disqualify(disqualified: DisqualifyRule, detail: string): Disqualified {
    this.#disqualified = { disqualified, detail };
    return this.#disqualified;
  }

  result(): ScoreResult {
    if (this.#disqualified) return this.#disqualified;
    const { metric, grid } = this.spec.scoring;
    if (this.#next !== this.dataset.rows) throw new RangeError(`scored ${this.#next} rows of ${this.dataset.rows}`);
    const values = this.metric.values();
    if (values[metric] === 'none') throw new DataError('data/undefined-metric', metric);
    const all: Record<string, string> = {};
    for (const [name, value] of Object.entries(values)) {
      const decimal = value && value !== 'none' ? roundToGrid(value, grid) : undefined;
      if (decimal !== undefined) all[name] = decimal;
    }
    const primary = all[metric];
    return primary === undefined ? this.#disqualify('out-of-range', `${metric} is too large`) : { primary, all };
  }
}

/** Throws a DataError where the data do not fit the task: then no model can be scored. */
export function startScoring(spec: ScoringSpec, dataset: Dataset): Scoring {
  if (spec.kind !== dataset.kind) throw new DataError('data/signature', `the data are opened as ${dataset.kind}`);
  checkInputs(spec.model.inputs, dataset.inputs);
  const { outputs, start } = rules[spec.kind];
  return new RunningScore(spec, dataset, outputReader(spec.model.outputs, outputs(dataset)), start(spec, dataset));
}
