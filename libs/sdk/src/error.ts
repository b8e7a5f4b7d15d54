import type { Problem, ProblemCode } from '@arena/contracts';

/** What goes wrong on this side of the wire. */
export type LocalCode =
  /** No answer came, or only half of one. */
  | 'client/unreachable'
  /** Something answered, but not as the API does. */
  | 'client/unexpected-answer'
  /** The sign-in challenge is for another site or chain than the one that was asked. */
  | 'client/challenge'
  /** A part could not be sent, or the file does not fit the upload. */
  | 'client/upload'
  /** The bytes that came are not the ones that were announced. */
  | 'client/download'
  /** The wallet is of another chain, or its node does not answer. */
  | 'client/chain'
  /** The contract refused: the detail says why. */
  | 'client/reverted'
  /** The person at the wallet said no. */
  | 'client/declined';

/** A newer server may know codes that this client does not. */
export type ArenaErrorCode = ProblemCode | LocalCode | (string & {});

interface Facts {
  status?: number | undefined;
  title: string;
  detail?: string | undefined;
  errors?: Problem['errors'];
  traceId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

/** Every failure of a call: the server's problem (RFC 9457), or a code that starts with `client/`. */
export class ArenaError extends Error {
  override readonly name = 'ArenaError';
  readonly status: number | undefined;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: NonNullable<Problem['errors']>;
  readonly traceId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ArenaErrorCode,
    facts: Facts,
  ) {
    super(inWords(code, facts), { cause: facts.cause });
    this.status = facts.status;
    this.title = facts.title;
    this.detail = facts.detail;
    this.errors = facts.errors ?? [];
    this.traceId = facts.traceId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

const FAULTS_SHOWN = 3;

function inWords(code: string, { title, detail, errors = [] }: Facts): string {
  const shown = errors.slice(0, FAULTS_SHOWN).map(({ pointer, detail: fault }) => `${pointer || '/'}: ${fault}`);
  const more = errors.length > FAULTS_SHOWN ? [`and ${errors.length - FAULTS_SHOWN} more`] : [];
  const about = [detail, ...shown, ...more].filter(part => part !== undefined);
  return `${title}${about.length > 0 ? `: ${about.join('; ')}` : ''} (${code})`;
}
