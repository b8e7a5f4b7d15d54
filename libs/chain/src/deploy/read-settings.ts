// What a person writes for a deployment: who gets the roles, and where the parameters differ from the profile.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Address } from '../address.js';
import { type Parameters, type Profile, profiles, type Roles } from './parameters.js';

const Some = z.array(Address).min(1);

const RolesFile = z.strictObject({
  genesisHolder: Address,
  proposers: Some,
  executors: Some,
  taskAdmins: Some,
  finalisers: Some,
  submitters: Some,
  guardians: Some,
  caseOfficers: Some,
});

/** Decimal digits in a string: JSON's numbers lose wei. */
const whole = z.string().regex(/^\d+$/, 'must be digits in a string').transform(BigInt);
const same = <T extends object>(example: T) =>
  z.strictObject(Object.fromEntries(Object.keys(example).map(key => [key, whole.optional()])));

const { staking, ...top } = profiles.production;
const ParametersFile = z.strictObject({ ...same({ ...top, genesis: 0n }).shape, staking: same(staking).optional() });

const read = <T>(path: string, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
};

export const readRoles = (path: string): Roles => read(path, RolesFile);

export function readParameters(profile: Profile, path: string | undefined): Parameters {
  const base: Parameters = profiles[profile];
  if (path === undefined) return base;
  const { staking: stakingChanges, ...changes } = read(path, ParametersFile);
  return { ...base, ...changes, staking: { ...base.staking, ...stakingChanges } };
}

/** On a development chain one wallet may be everybody. */
export const everythingTo = (address: string): Roles => {
  const all = [address];
  return {
    genesisHolder: address,
    ...{ proposers: all, executors: all, taskAdmins: all, finalisers: all },
    ...{ submitters: all, guardians: all, caseOfficers: all },
  };
};
