// What every process of the arena has, whatever it does: a log, telemetry, metrics and health on a second port, and an
// ordered end. Started first, so that whatever fails later fails with a line in the log.
import type { ServiceName } from '@arena/contracts';
import {
  createLogger, createRegistry, createShutdown, startOperations, startTelemetry,
  type Check, type Checks, type Logger, type LogLevel, type Registry, type Shutdown,
} from '@arena/observe'; // prettier-ignore

export interface ProcessEnv {
  HOST: string;
  METRICS_PORT: number;
  LOG_LEVEL: LogLevel;
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  SHUTDOWN_GRACE_SECONDS: number;
  SHUTDOWN_DRAIN_SECONDS: number;
}

export interface Process {
  log: Logger;
  registry: Registry;
  shutdown: Shutdown;
  /** From here on /readyz asks the checks; before, it says "starting". */
  ready(checks: Record<string, Check>): void;
}

export async function startProcess(name: ServiceName, env: ProcessEnv): Promise<Process> {
  const log = createLogger({ service: name, level: env.LOG_LEVEL });
  const registry = createRegistry(name);
  const shutdown = createShutdown({
    log,
    graceMs: env.SHUTDOWN_GRACE_SECONDS * 1_000,
    drainMs: env.SHUTDOWN_DRAIN_SECONDS * 1_000,
  });
  const telemetry = await startTelemetry({ service: name, endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT });
  shutdown.add('telemetry', 'telemetry', () => telemetry.stop());

  const checks: Record<string, Check> = { starting: () => Promise.reject(new Error('starting')) };
  const { METRICS_PORT: port, HOST: host } = env;
  const operations = await startOperations({ port, host, registry, checks: checks as Checks });
  shutdown.add('readiness', 'readyz', () => operations.drain());
  shutdown.add('telemetry', 'operations', () => operations.close());
  shutdown.listen();

  return {
    log,
    registry,
    shutdown,
    ready(own) {
      delete checks['starting'];
      Object.assign(checks, own);
      log.info({ metricsPort: operations.port }, 'ready');
    },
  };
}
