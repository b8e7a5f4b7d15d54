import autocannon from 'autocannon';

export interface Load {
  perSecond: number;
  p99: number;
}

const seconds = 4;
const connections = 32;
let counter = 0;

/** A closed loop of 32 connections for a few seconds; one answer of the wrong status fails the bench. */
export async function load(url: string, request: Partial<autocannon.Request>, unique: boolean): Promise<Load> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        ...request,
        ...(unique
          ? {
              setupRequest: (sent: autocannon.Request) => ({
                ...sent,
                headers: { ...sent.headers, 'idempotency-key': `bench-${process.pid}-${counter++}` },
              }),
            }
          : {}),
      },
    ],
  });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${url}: ${result.errors} failed, ${JSON.stringify(result.statusCodeStats)}`);
  return { perSecond: result['2xx'] / result.duration, p99: result.latency.p99 };
}
