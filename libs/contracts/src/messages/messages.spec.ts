import { expect, it } from 'vitest';
import { services, type ServiceName } from '../services.js';
import {
  acknowledgers,
  commands,
  events,
  kindOf,
  messageNames,
  messageSchemas,
  parseMessage,
  queueName,
  routedTo,
  routing,
} from './index.js';

const message = {
  id: '0197d2b8-1234-7000-8000-000000000001',
  name: 'account.changed.v1',
  entity: 'account:0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  entityVersion: 3,
  occurredAt: '2026-01-01T00:00:00.000Z',
  payload: {
    account: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
    displayName: null,
    payoutAddress: null,
    conflictGroup: null,
    roles: ['admin'],
  },
};

it('takes a message as it travels', () => {
  expect(parseMessage(structuredClone(message))).toEqual(message);
});

it('drops fields that a later release has added', () => {
  const later = { ...message, more: 1, payload: { ...message.payload, more: 1 } };
  expect(parseMessage(later)).toEqual(message);
});

it.each([
  ['a name that nobody knows', { ...message, name: 'account.changed.v9' }],
  ['a payload of another shape', { ...message, payload: {} }],
  ['an id that is no UUID v7', { ...message, id: 'c0ffee00-0000-4000-8000-000000000001' }],
  ['a version below one', { ...message, entityVersion: 0 }],
  ['something that is no message', null],
])('refuses %s', (_what, raw) => {
  expect(() => parseMessage(raw)).toThrow();
});

it('names every message with its version, which no job id would break on', () => {
  for (const name of messageNames) expect(name).toMatch(/^[a-z]+\.[a-z]+\.v[1-9]$/);
});

it('names for every event of an owner a field that its payload has', () => {
  for (const row of Object.values(events)) {
    if ('owner' in row) expect(Object.keys(row.payload.shape)).toContain(row.owner);
  }
});

it('sends a command to one service and never an event back to its sender', () => {
  for (const name of Object.keys(commands) as (keyof typeof commands)[]) {
    const route: { to: readonly ServiceName[]; planned?: readonly ServiceName[] } = routing[name];
    expect([...route.to, ...(route.planned ?? [])]).toHaveLength(1);
  }
  for (const [name, row] of Object.entries(events)) expect(routedTo(row.from)).not.toContain(name);
});

it('waits for an acknowledgement only from services that can give one', () => {
  for (const name of messageNames) {
    for (const service of acknowledgers(name)) expect(services[service].schema).not.toBeNull();
  }
});

it('has a queue of events and one of commands per service', () => {
  expect(queueName('task-service', kindOf('audit.record.v1'))).toBe('task-service.commands');
  expect(queueName('webhook-service', kindOf('task.opened.v1'))).toBe('webhook-service.events');
});

it('writes a JSON Schema of every message that leaves room for later fields', () => {
  const text = JSON.stringify(messageSchemas());
  expect(Object.keys(messageSchemas())).toEqual(messageNames);
  expect(text).not.toContain('"additionalProperties":false');
  expect(messageSchemas()['task.opened.v1']).toMatchObject({ title: 'task.opened.v1', type: 'object' });
});
