import { routes, services, type RouteName, type RouteSpec, type ServiceName } from '@arena/contracts';

/** The routes that a service answers, by their first path segment. */
export function routesOf(service: ServiceName): RouteName[] {
  const segments: readonly string[] = services[service].segments;
  return (Object.keys(routes) as RouteName[]).filter(name => segments.includes(segmentOf(routes[name])));
}

const segmentOf = (spec: RouteSpec): string => spec.path.split('/')[2] ?? '';

const rows = new Map(Object.values<RouteSpec>(routes).map(spec => [`${spec.method} ${spec.path}`, spec]));

/** The row that a path pattern was bound for. */
export const specAt = (method: string | string[], pattern: string): RouteSpec | undefined =>
  rows.get(`${[method].flat().join()} ${pattern}`);

const patterns = Object.values<RouteSpec>(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}/?$`),
}));

/** Which methods this path takes, to tell a wrong method from a wrong path. */
export function routeOfOtherMethod(url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  return [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}
