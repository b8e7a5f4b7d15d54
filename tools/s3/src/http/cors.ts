import { S3Error } from '../core/errors.js';
import type { S3Request } from '../core/request.js';
import type { CorsRule } from '../store/records.js';

/** `*` stands for any run of characters, as S3 has it. */
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function ruleFor(rules: readonly CorsRule[], origin: string, method: string, headers: readonly string[]) {
  return rules.find(
    rule =>
      rule.methods.includes(method) &&
      rule.origins.some(pattern => matches(pattern, origin)) &&
      headers.every(header => rule.headers.some(pattern => matches(pattern.toLowerCase(), header))),
  );
}

function answer(rule: CorsRule, origin: string): Record<string, string> {
  const anyone = rule.origins.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(rule.expose.length > 0 && { 'access-control-expose-headers': rule.expose.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
    ...(!anyone && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

export function corsHeaders(request: S3Request, rules: readonly CorsRule[]): Record<string, string> {
  const origin = request.headers.get('origin');
  const rule = origin === undefined ? undefined : ruleFor(rules, origin, request.method, []);
  return rule && origin !== undefined ? answer(rule, origin) : {};
}

export function preflight(request: S3Request, rules: readonly CorsRule[]): Record<string, string> {
  const origin = request.headers.get('origin');
  const method = request.headers.get('access-control-request-method');
  if (!origin || !method) {
    throw new S3Error(
      'InvalidRequest',
      'Insufficient information. Origin and Access-Control-Request-Method are needed.',
    );
  }
  const asked = request.headers.get('access-control-request-headers') ?? '';
  const headers = asked
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '');
  const rule = ruleFor(rules, origin, method, headers);
  if (!rule) throw new S3Error('AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
  return { ...answer(rule, origin), ...(headers.length > 0 && { 'access-control-allow-headers': headers.join(', ') }) };
}
