// OpenTelemetry is loaded only where an OTLP endpoint is set: its import costs a third of a second and some
// 30 MB. Spans are made by hand (spans.ts) at our own edges; nothing patches Node's modules, which under ESM would
// depend on the order of imports.
export interface Telemetry {
  /** Sends what is still buffered. */
  stop(): Promise<void>;
}

export interface TelemetryOptions {
  readonly service: string;
  /** The base address of an OTLP/HTTP collector, e.g. http://127.0.0.1:4318 */
  readonly endpoint?: string | undefined;
}

const state = { on: false };

export function telemetryIsOn(): boolean {
  return state.on;
}

export async function startTelemetry({ service, endpoint }: TelemetryOptions): Promise<Telemetry> {
  if (endpoint === undefined) return { stop: async () => {} };
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const sdk = new NodeSDK({
    serviceName: service,
    traceExporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  state.on = true;
  return {
    stop: async () => {
      state.on = false;
      await sdk.shutdown();
    },
  };
}
