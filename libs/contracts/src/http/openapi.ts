// The OpenAPI 3.1 document, derived from the route table: nothing in it is written by hand.
import { z } from 'zod';
import { problems } from '../problems.js';
import { problemsOf } from './implied-problems.js';
import type { Access, RouteSpec } from './route.js';
import { Problem } from './shapes.js';

type JsonObject = Record<string, unknown>;

export function openApi(routes: Record<string, RouteSpec>, { version }: { version: string }): JsonObject {
  const components: JsonObject = {};
  const paths: Record<string, JsonObject> = {};
  const problem = refer(Problem, 'output', components);
  for (const [name, spec] of Object.entries(routes)) {
    const path = spec.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[spec.method.toLowerCase()] = operation(name, spec, components, problem);
  }
  return mergeTwins({
    openapi: '3.1.0',
    info: {
      title: 'The arena',
      version,
      description:
        'Competitions in which anyone trains AI models, staked validators score them blind, and rankings become ' +
        'payouts on chain that anybody can recompute.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(Object.keys(routes).map(tagOf))].map(name => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A session token or an API key' },
        apiKey: { type: 'apiKey', in: 'header', name: 'flock-api-key', description: 'An API key' },
      },
    },
  });
}

/** What is read and written in the same shape is one component, not two. */
function mergeTwins<T extends { components: { schemas: JsonObject } }>(document: T): T {
  let text = JSON.stringify(document);
  for (;;) {
    const { schemas } = (JSON.parse(text) as T).components;
    const twin = Object.keys(schemas).find(
      name => schemas[`${name}Input`] && JSON.stringify(schemas[name]) === JSON.stringify(schemas[`${name}Input`]),
    );
    if (twin === undefined) return JSON.parse(text) as T;
    const { [`${twin}Input`]: _merged, ...rest } = schemas;
    text = JSON.stringify({ ...JSON.parse(text), components: { ...document.components, schemas: rest } });
    text = text.replaceAll(`"#/components/schemas/${twin}Input"`, `"#/components/schemas/${twin}"`);
  }
}

function operation(name: string, spec: RouteSpec, components: JsonObject, problem: unknown): JsonObject {
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: spec.summary,
    description: [spec.description, accessInWords(spec.access)].filter(Boolean).join('\n\n'),
    ...(spec.access.who === 'anyone' ? {} : { security: [{ bearer: [] }, { apiKey: [] }] }),
    parameters: [
      ...fields(spec.params, 'path', components),
      ...fields(spec.query, 'query', components),
      ...(spec.idempotent ? [header('Idempotency-Key', 'One effect per key; keep it for retries')] : []),
      ...(spec.etag === 'if-match' ? [header('If-Match', 'The ETag that this change was made from')] : []),
      ...(spec.stream ? [{ ...header('Last-Event-ID', 'Go on after this event'), required: false }] : []),
    ],
    ...requestBody(spec, components),
    responses: {
      [spec.status]: {
        description: spec.stream ? FOLLOWING : spec.answer ? 'Done' : 'Done; there is nothing to say',
        ...(spec.etag ? { headers: { ETag: { schema: { type: 'string' } } } } : {}),
        ...answer(spec, components),
      },
      ...failures(spec, problem),
    },
  };
}

const FOLLOWING =
  'Server-sent events as they happen: each with its `id`, its name in `event`, and one line of JSON in `data`, whose shape ' +
  'this is. A comment now and then shows that the line is up. `event: end`: nothing more will come. `event: problem`: ' +
  'the stream has failed, `data` is the problem. A line that breaks without either is to be taken up again, with the ' +
  'last `id` as Last-Event-ID.';

function requestBody({ media, body }: RouteSpec, components: JsonObject): JsonObject {
  if (media)
    return { requestBody: { required: true, content: { [media]: { schema: { type: 'string', format: 'binary' } } } } };
  if (!body) return {};
  const content = { 'application/json': { schema: refer(body, 'input', components) } };
  return { requestBody: { required: !body.safeParse(undefined).success, content } };
}

function answer({ stream, answer }: RouteSpec, components: JsonObject): JsonObject {
  const shape = stream?.event ?? answer;
  const media = stream ? 'text/event-stream' : 'application/json';
  return shape ? { content: { [media]: { schema: refer(shape, 'output', components) } } } : {};
}

const tagOf = (name: string): string => name.split('.')[0] ?? name;

const header = (name: string, description: string): JsonObject => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

function accessInWords(access: Access): string {
  if (access.who === 'anyone') return 'Open to anyone.';
  if (access.who === 'admin') return 'Needs an admin: a session, or a key with the scope `admin`.';
  if (access.scope === 'session') return 'Needs a signed-in session; API keys are not enough.';
  const whose = access.who === 'account' ? 'of a wallet' : 'of a wallet or an integrator';
  return `Needs a session, or a key ${whose} with the scope \`${access.scope}\`.`;
}

function failures(spec: RouteSpec, problem: unknown): JsonObject {
  const byStatus = new Map<number, string[]>();
  for (const code of problemsOf(spec)) {
    const { status, title } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `- \`${code}\`: ${title}`]);
  }
  const answers = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    answers.map(([status, lines]) => [
      status,
      { description: lines.join('\n'), content: { 'application/problem+json': { schema: problem } } },
    ]),
  );
}

function fields(schema: z.ZodType | undefined, place: 'path' | 'query', components: JsonObject): JsonObject[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = refer(schema, 'input', components) as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
  }));
}

/** JSON Schema of one zod schema, with every named part moved to the document's components. */
function refer(schema: z.ZodType, io: 'input' | 'output', components: JsonObject): JsonObject {
  const {
    $schema: _,
    $defs,
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject & {
    $defs?: Record<string, JsonObject>;
  };
  const suffix = io === 'input' ? 'Input' : '';
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) =>
        key === '$ref' && typeof member === 'string'
          ? [key, member.replace(/^#\/\$defs\/(.*)$/, (_all, id: string) => `#/components/schemas/${id}${suffix}`)]
          : [key, rename(member)],
      ),
    );
  };
  for (const [id, part] of Object.entries($defs ?? {})) {
    const { id: _id, ...shape } = part;
    components[id + suffix] ??= rename(shape);
  }
  const { id: name, ...shape } = own;
  if (typeof name !== 'string') return rename(own) as JsonObject;
  components[name + suffix] ??= rename(shape);
  return { $ref: `#/components/schemas/${name}${suffix}` };
}
