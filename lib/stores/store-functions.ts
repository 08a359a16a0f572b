import { existsSync } from 'node:fs';
import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StoreName } from '../configuration';
import { projectRoot } from '../project-root';
import { StoreFunction, type StoreFunctionProps } from '../store-function';
import { markStore } from './store-metadata';
import { STORE_TITLES, type StoreCalls, type StoreSetup } from './store';

/** The store's secret, network and settings, which its functions share. */
export type StoreAccess = Omit<StoreFunctionProps, 'entry' | 'description' | 'timeout'>;

const callsEntry = (store: StoreName): string => `functions/${store}/handler.ts`;
const setupEntry = (store: StoreName): string => `functions/${store}/setup-handler.ts`;

/** The files that the functions of these stores are bundled from: a store without functions has none. */
export function functionEntries(stores: readonly StoreName[]): string[] {
  return stores
    .flatMap((store) => [callsEntry(store), setupEntry(store)])
    .filter((entry) => existsSync(path.join(projectRoot(), entry)));
}

/** Creates the function that increments and reads in a store, with the id `Increment`. */
export function callsByFunction(scope: Construct, store: StoreName, access: StoreAccess): StoreCalls {
  const title = STORE_TITLES[store];
  const calls = new StoreFunction(scope, 'Increment', {
    ...access,
    description: `Increments and reads counters in ${title}`,
    entry: callsEntry(store),
  });
  markStore(calls.function, store);
  return {
    substitutions: { [`${title}FunctionArn`]: calls.function.functionArn },
    throttles: () => calls.function.metricThrottles(),
    grantIncrement: (grantee) => calls.grantInvoke(grantee),
    grantRead: (grantee) => calls.grantInvoke(grantee),
  };
}

/**
 * Creates the function that prepares a store, with the id `Setup`.
 *
 * @param created what it creates for the counters
 */
export function setupByFunction(scope: Construct, store: StoreName, created: string, access: StoreAccess): StoreSetup {
  const title = STORE_TITLES[store];
  const setup = new StoreFunction(scope, 'Setup', {
    ...access,
    description: `Creates ${created} of the counters in ${title}`,
    entry: setupEntry(store),
    timeout: Duration.seconds(30),
  });
  return {
    substitutions: { [`${title}SetupFunctionArn`]: setup.function.functionArn },
    grant: (grantee) => setup.grantInvoke(grantee),
  };
}
