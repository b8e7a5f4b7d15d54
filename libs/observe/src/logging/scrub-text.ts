// The last line of defence against secrets in logs: every finished line goes through these patterns, wherever in
// it the secret stands (message, stack, nested JSON, URL). Repetitions are bounded where a match could be tried
// from many places, so that a hostile line cannot make a pattern run long.

export const removed = '[removed]';

const secretName =
  String.raw`[\w-]{0,40}(?:secret|token|password|passphrase|private[_-]?key|api[_-]?key|secret[_-]?key` +
  '|signature|cookie|authorization|mnemonic)';
const keyName = String.raw`(?:private|signing|secret|wallet|deployer|operator|sender|receipt)[_\s-]?key|pk|secret|seed`;
const separator = String.raw`[\\"'\s:=]{1,8}`;

const patterns: readonly (readonly [RegExp, string])[] = [
  // Our API keys: arena_<prefix>_<random><checksum>. A capital or digit tells them from names like arena_tasks_owner.
  [/\barena_[A-Za-z0-9]{1,32}_(?=[a-z_-]{0,200}[A-Z0-9])[\w-]{16,200}/g, removed],
  [/\bwhsec_[\w+/=-]{8,200}/g, removed],
  // scheme://user:password@host
  [/(:\/\/[^\s:@/"]{0,64}):[^\s@"]{1,512}@/g, `$1:${removed}@`],
  [/\b(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"\\]{1,4000}/gi, `$1${removed}`],
  [/\b(Bearer|Basic) {1,4}[\w.~+/=-]{8,4000}/gi, `$1 ${removed}`],
  // A private key, told from a digest by the name before it.
  [new RegExp(String.raw`\b(${keyName})(${separator})(?:0x)?[0-9a-f]{64}\b`, 'gi'), `$1$2${removed}`],
  [new RegExp(String.raw`\b([A-Z][A-Z0-9_]{0,40}_KEY)(${separator})(?:0x)?[0-9a-fA-F]{64}\b`, 'g'), `$1$2${removed}`],
  // A named field of JSON, also of JSON inside of a JSON string, where the quotes are escaped.
  [
    new RegExp(String.raw`(\\*")(${secretName})\1(\s{0,4}:\s{0,4})\1(?:(?!\1)(?:\\.|[^\\]))+?\1`, 'gi'),
    `$1$2$1$3$1${removed}$1`,
  ],
  // A header or variable in plain text.
  [/\b((?:set-)?cookie|(?:proxy-)?authorization)(\s{0,4}:\s{0,4})[^"\\\n]{4,4000}/gi, `$1$2${removed}`],
  [/\b([\w-]{0,40}(?:api-key|password|passphrase))(\s{0,4}:\s{0,4})[^\s"'\\,;]{4,4000}/gi, `$1$2${removed}`],
  [new RegExp(String.raw`\b(${secretName})(\s{0,4}=\s{0,4})[^\s"'\\,;&]{4,4000}`, 'gi'), `$1$2${removed}`],
];

export function scrubText(text: string): string {
  return patterns.reduce((scrubbed, [pattern, replacement]) => scrubbed.replace(pattern, replacement), text);
}

const secretKey = new RegExp(`^${secretName}$`, 'i');

/** Whether a field of this name is removed whole, whatever it holds. */
export function isSecretName(name: string): boolean {
  return secretKey.test(name);
}
