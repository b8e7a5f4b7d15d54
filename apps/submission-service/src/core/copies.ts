// Who had a model first, and what a copy has to show.
//
// Of two equal models the original is the one that is known since earlier: since its commitment, or else since its
// upload was complete. The other one is refused, or, if it was accepted before and its committee has not closed yet,
// disqualified. Of two models that are close to one another the later known one is flagged: it keeps its place in the
// ranking only if it beats the original's key by this part of it,
//
//   ε(age) = start − (start − end) · age / days,   and `end` from `days` on,
//
// in parts per million, rounded down; `age` is how long ago the original was accepted. It is fixed once.

/** What is known of a model of the same task that was accepted before. */
export interface EarlierModel {
  submission: string;
  trainer: string;
  state: string;
  knownSince: Date;
  acceptedAt: Date;
  /** The model whose copy it is itself, and that one's trainer. */
  original: string | null;
  originalTrainer: string | null;
}

export interface NewModel {
  trainer: string;
  knownSince: Date;
}

export type ExactVerdict =
  /** `own`: which of their own it equals, for they may know. */
  { verdict: 'duplicate'; own: string | null } | { verdict: 'original'; disqualify: EarlierModel[] };

/** `equal` are all of the task with the same canonical form. */
export function judgeEqual(model: NewModel, equal: readonly EarlierModel[]): ExactVerdict {
  const own = equal.find(({ trainer, state }) => trainer === model.trainer && state !== 'withdrawn');
  if (own) return { verdict: 'duplicate', own: own.submission };
  const others = equal.filter(({ trainer }) => trainer !== model.trainer);
  // Once a committee has closed, its scores are public: a commitment that was opened so late proves nothing any more.
  const stands = others.some(
    ({ knownSince, state }) =>
      knownSince <= model.knownSince || !['accepted', 'withdrawn', 'disqualified'].includes(state),
  );
  if (stands) return { verdict: 'duplicate', own: null };
  return { verdict: 'original', disqualify: others.filter(({ state }) => state === 'accepted') };
}

export interface Likeness extends EarlierModel {
  similarityPpm: number;
}

export interface CloseVerdict {
  /** What the new model is a copy of. */
  original: Likeness | null;
  /** Which accepted ones are copies of it. */
  copies: Likeness[];
}

/** `close` are those of other trainers that are as similar as the task calls a copy. */
export function judgeClose(model: NewModel, close: readonly Likeness[]): CloseVerdict {
  const standing = close.filter(({ trainer, state }) => trainer !== model.trainer && state !== 'disqualified');
  const earlier = standing.filter(
    // Whoever was copied goes on with their own work: that does not make them a copier of the copy.
    ({ knownSince, originalTrainer }) => knownSince <= model.knownSince && originalTrainer !== model.trainer,
  );
  const [original = null] = earlier.sort(
    (a, b) =>
      Number(a.state === 'withdrawn') - Number(b.state === 'withdrawn') ||
      b.similarityPpm - a.similarityPpm ||
      a.knownSince.getTime() - b.knownSince.getTime(),
  );
  const copies = standing.filter(
    ({ knownSince, state, original }) => knownSince > model.knownSince && state === 'accepted' && original === null,
  );
  return { original, copies };
}

export interface CopyTerms {
  epsilonStartPpm: number;
  epsilonEndPpm: number;
  epsilonDays: number;
}

const DAY_MS = 86_400_000n;

export function epsilonPpm({ epsilonStartPpm, epsilonEndPpm, epsilonDays }: CopyTerms, ageMs: number): number {
  const full = BigInt(epsilonDays) * DAY_MS;
  const age = BigInt(Math.max(0, Math.floor(ageMs)));
  if (age >= full) return epsilonEndPpm;
  // The whole at once, so that it is rounded once, and down whichever way the line runs.
  const [start, end] = [BigInt(epsilonStartPpm), BigInt(epsilonEndPpm)];
  return Number((start * (full - age) + end * age) / full);
}
