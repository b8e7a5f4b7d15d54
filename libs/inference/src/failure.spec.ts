import { describe, expect, it } from 'vitest';
import { excerptOf, failureAtExit, failureOf } from './failure.js';

describe('an excerpt', () => {
  it('has no paths of the machine', () => {
    const said = 'Load model from /home/anna/models/best.onnx failed: /build/core/graph.cc:42 C:\\Users\\anna\\m.onnx';
    expect(excerptOf(said)).toBe('Load model from (path) failed: (path):42 (path)');
  });

  it('has no control characters, and is short', () => {
    const excerpt = excerptOf(`a\u001b[31mb\r\n\u0000c\u202e${'d'.repeat(1_000)}`);
    expect(excerpt).toMatch(/^a \[31mb c d+…$/);
    expect(excerpt).toHaveLength(500);
  });

  it('has no numbers once the model has seen data', () => {
    expect(failureOf('run', 'idx=123456 must be within [-3,2]').excerpt).toBe('idx=# must be within [-#,#]');
    expect(failureOf('load', 'Relu(14) node').excerpt).toBe('Relu(14) node');
  });
});

describe('a process that ended', () => {
  it('was short of memory when it said so', () => {
    const died = failureAtExit(null, 'SIGABRT', 'terminate called after std::bad_alloc');
    expect(died).toMatchObject({ kind: 'oom', excerpt: 'ended by SIGABRT: terminate called after std::bad_alloc' });
  });

  it('else has crashed, and tells how', () => {
    expect(failureAtExit(139, null, '')).toMatchObject({ kind: 'crash', excerpt: 'ended with exit code 139' });
    expect(failureAtExit(null, 'SIGKILL', '')).toMatchObject({ kind: 'crash', excerpt: 'ended by SIGKILL' });
  });
});
