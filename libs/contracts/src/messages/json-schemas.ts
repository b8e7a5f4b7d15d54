import { z } from 'zod';
import { messageNames, messageSchema, type MessageName } from './message.js';

export type JsonSchema = Record<string, unknown>;

/** The JSON Schema of every message as it travels, to be committed: a change of a contract is then seen in a diff. */
export function messageSchemas(): Record<MessageName, JsonSchema> {
  const entries = messageNames.map(name => [name, jsonSchema(name)]);
  return Object.fromEntries(entries) as Record<MessageName, JsonSchema>;
}

function jsonSchema(name: MessageName): JsonSchema {
  const schema = z.toJSONSchema(messageSchema(name), { override: ({ jsonSchema }) => open(jsonSchema) });
  return { title: name, ...schema };
}

/** A consumer must not break on a field that a later release adds. */
function open(schema: JsonSchema): void {
  if (schema['additionalProperties'] === false) delete schema['additionalProperties'];
}
