import type { ChecksumName } from '../core/checksums.js';

/** A run of bytes: one file of the data folder. */
export interface Segment {
  readonly id: string;
  readonly size: number;
}

export type Checksums = Readonly<Partial<Record<ChecksumName, string>>>;

/** Content type, disposition and the like, and `x-amz-meta-…`. */
export type ObjectHeaders = Readonly<Record<string, string>>;

/** The whole truth about an object: one small file, swapped by one rename, that names the data. */
export interface StoredObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly modified: string;
  readonly headers: ObjectHeaders;
  readonly checksums: Checksums;
  readonly segments: readonly Segment[];
  /** The upload that made it: tells a restart that this upload is done. */
  readonly uploadId?: string;
}

export interface StoredPart {
  readonly number: number;
  readonly etag: string;
  readonly modified: string;
  readonly checksums: Checksums;
  readonly segment: Segment;
}

export interface StoredUpload {
  readonly id: string;
  readonly key: string;
  readonly initiated: string;
  readonly headers: ObjectHeaders;
}

export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly expose: readonly string[];
  readonly maxAgeSeconds?: number;
}

export interface StoredBucket {
  readonly name: string;
  readonly created: string;
  readonly cors: readonly CorsRule[];
}

/** An upload under way, with the parts that have come. */
export interface Upload extends StoredUpload {
  readonly parts: Map<number, StoredPart>;
}
