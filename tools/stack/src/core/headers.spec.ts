import { expect, it } from 'vitest';
import { endToEnd, requestIdOf, upstreamHeaders } from './headers.js';

const arrival = { remoteAddress: '127.0.0.1', host: 'arena.test:8080', requestId: 'r-1' };

it('keeps what is for the next hop alone from travelling on, and what the sender names as such', () => {
  const headers = {
    connection: 'keep-alive, X-Mine',
    'keep-alive': 'timeout=5',
    te: 'trailers',
    'x-mine': '1',
    accept: 'a',
  };
  expect(endToEnd(headers)).toEqual({ accept: 'a' });
});

it('replaces what a client claims about where it comes from', () => {
  const headers = { 'x-forwarded-for': '8.8.8.8', 'x-forwarded-proto': 'https', forwarded: 'for=8.8.8.8', host: 'h' };
  expect(upstreamHeaders(headers, arrival)).toEqual({
    host: 'h',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'arena.test:8080',
    'x-forwarded-proto': 'http',
    'x-request-id': 'r-1',
  });
});

it('keeps the framing of a body of unknown length', () => {
  expect(upstreamHeaders({ 'transfer-encoding': 'chunked' }, arrival)).toMatchObject({
    'transfer-encoding': 'chunked',
  });
});

it('takes the name that a client gives its request only if it can be logged as it is', () => {
  expect(requestIdOf({ 'x-request-id': 'order-7.a_b' }, () => 'fresh')).toBe('order-7.a_b');
  for (const bad of ['', 'a b', 'x'.repeat(101), 'a\tb', '"quoted"']) {
    expect(requestIdOf({ 'x-request-id': bad }, () => 'fresh')).toBe('fresh');
  }
  expect(requestIdOf({}, () => 'fresh')).toBe('fresh');
});
