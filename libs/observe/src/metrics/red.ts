// Rate, errors and duration of the two ways in which work reaches a process: requests and jobs. A histogram's
// count is the rate, its outcome label the errors. Labels are names from our tables, never ids: each new
// combination is a new time series for the life of the process.
import { Histogram, type Registry } from 'prom-client';

export interface HttpMetrics {
  /** `route` is the template (`/v1/tasks/{task}`), or `unmatched`. */
  observe(request: { route: string; method: string; status: number; seconds: number }): void;
}

export interface JobMetrics {
  /** `retry` = failed and will run again; `dead` = will not. */
  observe(job: { queue: string; name: string; outcome: 'done' | 'retry' | 'dead'; seconds: number }): void;
}

export function httpMetrics(registry: Registry): HttpMetrics {
  const histogram = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return {
    observe: ({ route, method, status, seconds }) => histogram.labels(route, method, String(status)).observe(seconds),
  };
}

export function jobMetrics(registry: Registry): JobMetrics {
  const histogram = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time that a handler worked on one message',
    labelNames: ['queue', 'name', 'outcome'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300],
    registers: [registry],
  });
  return { observe: ({ queue, name, outcome, seconds }) => histogram.labels(queue, name, outcome).observe(seconds) };
}
