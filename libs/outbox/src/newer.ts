/**
 * Whether a projection at version `current` (none: null) takes a message of version `incoming`. Versions of an entity
 * come in any order; only a later one has news, because each carries the whole state.
 */
export const newer = (current: number | null | undefined, incoming: number): boolean =>
  current === null || current === undefined || incoming > current;
