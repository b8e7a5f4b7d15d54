import { describe, expect, it } from 'vitest';
import { tally } from './tally.mjs';

function report(passed: number, failed: number, files: { status: string; outcomes: string[] }[] = []): string {
  const testResults = files.map(({ status, outcomes }) => ({
    status,
    assertionResults: outcomes.map(outcome => ({ status: outcome })),
  }));
  return JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults });
}

describe('tally', () => {
  it('gives the counts of the runner', () => {
    expect(tally(report(3, 0), 0, false)).toEqual({ passed: 3, failed: 0 });
    const file = { status: 'failed', outcomes: ['passed', 'failed', 'failed'] };
    expect(tally(report(3, 2, [file]), 1, false)).toEqual({ passed: 3, failed: 2 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const file = { status: 'failed', outcomes: [] };
    expect(tally(report(3, 0, [file]), 1, false)).toEqual({ passed: 3, failed: 1 });
  });

  it('counts a file whose tests passed but whose clean-up failed', () => {
    const file = { status: 'failed', outcomes: ['passed'] };
    expect(tally(report(1, 0, [file]), 1, false)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts a bad exit code after nothing but green tests', () => {
    expect(tally(report(3, 0), 1, false)).toEqual({ passed: 3, failed: 1 });
  });

  it('counts a runner that wrote no report', () => {
    expect(tally(undefined, 0, true)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a runner without tests, unless the caller chose the files', () => {
    expect(tally(report(0, 0), 0, false)).toEqual({ passed: 0, failed: 1 });
    expect(tally(report(0, 0), 0, true)).toEqual({ passed: 0, failed: 0 });
  });
});
