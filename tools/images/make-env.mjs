// Writes .env for docker-compose.yml from .env.example, with a fresh secret for each empty name. An existing .env keeps
// every value that it has: run it again when a release needs a secret more.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fileAt = name => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const target = fileAt('.env');
const kept = existsSync(target) ? readFileSync(target, 'utf8') : '';
const nameIn = line => /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
const present = new Set(
  kept
    .split('\n')
    .filter(line => /=./.test(line))
    .map(nameIn),
);

const secret = () => randomBytes(20).toString('hex');
const filled = line => (/^[A-Z][A-Z0-9_]*=$/.test(line) ? line + secret() : line);
const template = readFileSync(fileAt('.env.example'), 'utf8').trimEnd().split('\n');

if (kept === '') {
  writeFileSync(target, `${template.map(filled).join('\n')}\n`, { mode: 0o600 });
} else {
  const missing = template.filter(line => nameIn(line) !== undefined && !present.has(nameIn(line)));
  const lines = kept.split('\n').filter(line => !missing.includes(line));
  writeFileSync(target, [...lines.join('\n').trimEnd().split('\n'), ...missing.map(filled), ''].join('\n'));
  chmodSync(target, 0o600);
}
process.stdout.write('.env holds every secret that docker-compose.yml needs; keep it out of sight, and keep it\n');
