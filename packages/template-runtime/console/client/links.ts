import { queryOf } from './api';

/** Addresses within the page. */
export const executionLink = (arn: string): string => `#/execution${queryOf({ arn })}`;
export const machineLink = (arn: string, like?: string): string => `#/machine${queryOf({ arn, like })}`;
export const executionsLink = (filter: Readonly<Record<string, string | undefined>> = {}): string =>
  `#/executions${queryOf(filter)}`;
export const countersLink = (filter: Readonly<Record<string, string | undefined>> = {}): string =>
  `#/counters${queryOf(filter)}`;
export const metricsLink = (filter: Readonly<Record<string, string | undefined>> = {}): string =>
  `#/metrics${queryOf(filter)}`;
