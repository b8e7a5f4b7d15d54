// Solidity types as TypeScript types, read off a constant ABI, so that a wrong argument does not compile.
// Struct arguments and results are objects by the names of their fields.

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly Parameter[];
}

interface Item {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly Parameter[];
  readonly outputs?: readonly Parameter[];
}

export type Abi = readonly Item[];

type Hex = string;

type ValueOf<P extends Parameter> = TypeValue<P, P['type']>;

type TypeValue<P extends Parameter, T extends string> = T extends `${infer Inner}[]`
  ? readonly TypeValue<P, Inner>[]
  : Scalar<P, T>;

type Scalar<P extends Parameter, T extends string> = T extends 'tuple'
  ? { readonly [C in NonNullable<P['components']>[number] as C['name']]: ValueOf<C> }
  : T extends `uint${string}` | `int${string}`
    ? bigint
    : T extends 'bool'
      ? boolean
      : Hex;

type ValuesOf<P extends readonly Parameter[]> = { readonly [K in keyof P]: ValueOf<P[K]> };

type FunctionOf<A extends Abi, N extends string> = Extract<A[number], { type: 'function'; name: N }>;

export type FunctionName<A extends Abi> = Extract<A[number], { type: 'function' }>['name'] & string;

export type ArgumentsOf<A extends Abi, N extends string> = ValuesOf<NonNullable<FunctionOf<A, N>['inputs']>>;

/** One value as it is, several as an object by their names. */
export type ResultOf<A extends Abi, N extends string> =
  NonNullable<FunctionOf<A, N>['outputs']> extends readonly [infer Only extends Parameter]
    ? ValueOf<Only>
    : { readonly [O in NonNullable<FunctionOf<A, N>['outputs']>[number] as O['name']]: ValueOf<O> };

export type ConstructorOf<A extends Abi> = ValuesOf<NonNullable<Extract<A[number], { type: 'constructor' }>['inputs']>>;
