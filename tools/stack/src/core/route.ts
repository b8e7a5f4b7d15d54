import { services, type ServiceName } from '@arena/contracts';

/** The façades live at the origin's root, for clients that were written for somebody else's API. */
const FACADES: Readonly<Record<string, ServiceName>> = {
  'fed-ledger': 'submission-service',
  hub: 'submission-service',
};

const owners = new Map<string, ServiceName>(
  Object.entries(services).flatMap(([name, { segments }]) =>
    segments.map(segment => [segment, name as ServiceName] as const),
  ),
);

/** Which service answers this path; none for a path that nobody owns. */
export function ownerOf(path: string): ServiceName | undefined {
  const [, first = '', second = ''] = path.split('/');
  if (first === 'v1') return owners.get(second);
  return Object.hasOwn(FACADES, first) ? FACADES[first] : undefined;
}
