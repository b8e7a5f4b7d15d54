/** The order in which a process lets go; what comes first must not need what comes later. */
export const phases = ['readiness', 'http', 'workers', 'relay', 'pools', 'telemetry'] as const;

export type Phase = (typeof phases)[number];

export interface Step {
  readonly phase: Phase;
  readonly name: string;
  readonly run: () => unknown;
  readonly timeoutMs?: number;
}
