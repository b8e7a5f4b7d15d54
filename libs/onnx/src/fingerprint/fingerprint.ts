// What a model is recognised by later, taken in the one pass that also publishes it.
import { sha256 } from '@noble/hashes/sha256';
import { bytesToHex } from '@noble/hashes/utils';
import { canonicalPieces, gathered, type Piece } from '../canonical/canonicalise.js';
import type { Layout } from '../layout.js';
import type { SoundModel } from '../sound.js';
import type { ModelFiles } from '../source.js';
import { packSketch } from './similarity.js';
import { isSketched, Sketcher, type TensorSketch } from './sketch.js';

/** A SHA-256 fed piece by piece. */
export interface RunningHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}
export type NewHash = () => RunningHash;

export interface Fingerprint {
  /** Of the canonical form, without padding. */
  sha256: string;
  size: number;
  /** Of each tensor's type, dimensions and elements, sorted: a set that neither names nor order can change. */
  tensors: string[];
  /** Of the canonical form without the elements of weights: the architecture. */
  graphHash: string;
  /** For `similarityPpm`. */
  sketch: Uint8Array;
}

export interface FingerprintOptions {
  /** The platform's SHA-256; the portable one in its place is several times slower. */
  newHash?: NewHash;
  /** Is given the canonical form chunk by chunk, each good until it returns. */
  sink?: (chunk: Uint8Array) => void | Promise<void>;
}

export async function fingerprint(
  files: ModelFiles,
  model: SoundModel,
  { newHash = () => sha256.create(), sink }: FingerprintOptions = {},
): Promise<Fingerprint> {
  const whole = newHash();
  const graph = newHash();
  const tensors = new Tensors(newHash);

  async function* observed(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
    for await (const { bytes, tensor } of pieces) {
      whole.update(bytes);
      if (!tensor?.element.weight) graph.update(bytes);
      if (tensor) tensors.update(tensor, bytes);
      yield bytes;
    }
  }
  const chunks = observed(canonicalPieces(files, model));
  if (sink) for await (const chunk of gathered(chunks)) await sink(chunk);
  else for await (const _chunk of chunks);

  return {
    sha256: bytesToHex(whole.digest()),
    size: model.size,
    graphHash: bytesToHex(graph.digest()),
    ...tensors.digest(model),
  };
}

/** The elements come tensor by tensor, so there is never more than one hash and one sketch under way. */
class Tensors {
  readonly #digests = new Map<Layout, string>();
  readonly #sketches: TensorSketch[] = [];
  #current: { layout: Layout; hash: RunningHash; sketcher: Sketcher | null } | null = null;

  constructor(readonly newHash: NewHash) {}

  update(layout: Layout, bytes: Uint8Array): void {
    if (this.#current?.layout !== layout) {
      this.#close();
      this.#current = { layout, hash: this.#begin(layout), sketcher: isSketched(layout) ? new Sketcher(layout) : null };
    }
    this.#current?.hash.update(bytes);
    this.#current?.sketcher?.update(bytes);
  }

  digest({ parts }: SoundModel): { tensors: string[]; sketch: Uint8Array } {
    this.#close();
    const layouts = parts.filter(part => !(part instanceof Uint8Array)) as Layout[];
    // A tensor without elements has sent none.
    const tensors = layouts.map(layout => this.#digests.get(layout) ?? bytesToHex(this.#begin(layout).digest()));
    return { tensors: tensors.sort(), sketch: packSketch(this.#sketches) };
  }

  #begin({ element, dims }: Layout): RunningHash {
    const hash = this.newHash();
    hash.update(new TextEncoder().encode(`${element.name}[${dims.join(',')}]`));
    return hash;
  }

  #close(): void {
    if (!this.#current) return;
    const { layout, hash, sketcher } = this.#current;
    this.#digests.set(layout, bytesToHex(hash.digest()));
    if (sketcher) this.#sketches.push(sketcher.digest());
    this.#current = null;
  }
}
