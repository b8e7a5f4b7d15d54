// Who made which model? What somebody who wants to know it would try: naive Bayes over everything that can be seen of a
// model, and the neighbours in time. Both learn on nine tenths and guess the last, ten times over.

export interface Sample {
  trainer: string;
  /** Whatever was seen, as words: a word that two models share may link them. */
  words: ReadonlySet<string>;
  /** When it was seen to appear. */
  at: number;
}

const FOLDS = 10;
const NEIGHBOURS = 5;

export type Guess = (known: readonly Sample[]) => (unknown: Sample) => string;

/** The share of models whose trainer was guessed. */
export function accuracy(samples: readonly Sample[], guess: Guess): number {
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const learnt = guess(samples.filter((_, i) => i % FOLDS !== fold));
    right += samples.filter((sample, i) => i % FOLDS === fold && learnt(sample) === sample.trainer).length;
  }
  return right / samples.length;
}

/** What guessing blindly reaches in all but one of 740 cases. */
export function chance(trainers: number, samples: number): number {
  const p = 1 / trainers;
  return p + 3 * Math.sqrt((p * (1 - p)) / samples);
}

/** Each word that is there, or is not, counts by how much more often it is with a trainer than with others. */
export const byWords: Guess = known => {
  const trainers = groupBy(known, ({ trainer }) => trainer);
  const vocabulary = new Set(known.flatMap(({ words }) => [...words]));
  const models = [...trainers].map(([trainer, samples]) => {
    const counts = new Map<string, number>();
    for (const { words } of samples) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    const presence = (word: string) => ((counts.get(word) ?? 0) + 0.5) / (samples.length + 1);
    let allAbsent = 0;
    for (const word of vocabulary) allAbsent += Math.log(1 - presence(word));
    return { trainer, presence, allAbsent };
  });
  return ({ words }) => {
    const seen = [...words].filter(word => vocabulary.has(word));
    const score = ({ presence, allAbsent }: (typeof models)[number]) =>
      seen.reduce((sum, word) => sum + Math.log(presence(word)) - Math.log(1 - presence(word)), allAbsent);
    return best(models.map(model => [model.trainer, score(model)] as const));
  };
};

/** Models that appear one after the other may come from one hand. */
export const byTime: Guess = known => {
  const inOrder = [...known].sort((a, b) => a.at - b.at);
  return ({ at }) => {
    const near = inOrder
      .map(({ trainer, at: then }) => [trainer, Math.abs(then - at)] as const)
      .sort(([, a], [, b]) => a - b)
      .slice(0, NEIGHBOURS);
    return best([...groupBy(near, ([trainer]) => trainer)].map(([trainer, votes]) => [trainer, votes.length] as const));
  };
};

function best(scores: readonly (readonly [string, number])[]): string {
  return scores.reduce((a, b) => (b[1] > a[1] ? b : a), ['', -Infinity] as const)[0];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
