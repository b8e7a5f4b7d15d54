/** What a provider is called in logs and metrics: its host. Keys are in paths, queries and user names, and stay out. */
export const nameOf = (url: string, index: number): string => `${index}:${new URL(url).host}`;

/** Takes from words whatever of the address could be a key: some providers repeat it in their answers. */
export function redacted(words: string, url: string): string {
  const { pathname, search, username, password, searchParams } = new URL(url);
  const secrets = [search, pathname, username, password, ...searchParams.values(), ...pathname.split('/')];
  return secrets
    .filter(secret => secret.length >= 4)
    .reduce((text, secret) => text.replaceAll(secret, '…'), words)
    .slice(0, 300);
}
