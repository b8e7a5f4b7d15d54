import { createHash, randomBytes } from 'node:crypto';
import { TOKEN_BYTES, tokenFrom } from './core/token.js';

export function mintToken(): string {
  for (;;) {
    const token = tokenFrom(randomBytes(TOKEN_BYTES + 16));
    if (token !== undefined) return token;
  }
}

/** Tokens carry enough randomness of their own, so a plain hash is as good as a slow one. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
