import type { RouteName, ServiceName } from '@arena/contracts';
import { ROUTE } from './route-request.js';
import { routesOf } from './route-table.js';

type Constructor = abstract new (...args: never[]) => object;

/** A route without a handler, with two, or of another service: the boot stops and says so. */
export function assertRoutesComplete(service: ServiceName, controllers: readonly Constructor[]): void {
  const handled = controllers.flatMap(controller =>
    Object.entries(Object.getOwnPropertyDescriptors(controller.prototype as object)).flatMap(([method, { value }]) => {
      const name =
        typeof value === 'function' ? (Reflect.getMetadata(ROUTE, value) as RouteName | undefined) : undefined;
      return name === undefined ? [] : [{ name, at: `${controller.name}.${method}` }];
    }),
  );
  const expected = new Set<RouteName>(routesOf(service));
  const faults = [
    ...[...expected].filter(name => !handled.some(entry => entry.name === name)).map(name => `no handler for ${name}`),
    ...handled.filter(({ name }) => !expected.has(name)).map(({ name, at }) => `${at} handles ${name}, not ours`),
    ...handled
      .filter(({ name }, i) => handled.findIndex(entry => entry.name === name) !== i)
      .map(({ name, at }) => `${at} handles ${name} a second time`),
  ];
  if (faults.length > 0) throw new Error(`${service} cannot start: ${faults.join('; ')}`);
}
