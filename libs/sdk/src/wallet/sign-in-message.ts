import { checksumAddress } from './checksum-address.js';

export interface SignInFields {
  domain: string;
  address: string;
  statement: string;
  uri: string;
  chainId: number;
  nonce: string;
  issuedAt: Date;
  expiresAt: Date;
}

/** The text that the wallet shows and signs (EIP-4361). */
export function signInMessage(fields: SignInFields): string {
  const { domain, address, statement, uri, chainId, nonce, issuedAt, expiresAt } = fields;
  for (const [name, value] of Object.entries({ domain, statement, uri, nonce }))
    // A line break in one field would let it speak for the next.
    if (/[^\x20-\x7e]/.test(value)) throw new TypeError(`The ${name} of a sign-in message is one line of plain text`);
  return [
    `${domain} wants you to sign in with your Ethereum account:`,
    checksumAddress(address),
    '',
    statement,
    '',
    `URI: ${uri}`,
    'Version: 1',
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt.toISOString()}`,
    `Expiration Time: ${expiresAt.toISOString()}`,
  ].join('\n');
}
