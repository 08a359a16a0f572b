import { textTable } from '../text-table';
import type { Difference, Gap, Group } from './call';

const STEP_FUNCTIONS = 'none listed: https://aws.amazon.com/step-functions/pricing/';
const CLOUDWATCH = 'none listed: https://aws.amazon.com/cloudwatch/pricing/';

/**
 * What each call checks, costs and needs. A role, and the right to pass it, are only for calls of TestState that reach
 * a service: "when you specify a mock, specifying the role becomes optional".
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
 */
const ACTIONS: readonly { action: string; asks: string; price: string; needs: string }[] = [
  {
    action: 'ValidateStateMachineDefinition',
    asks: 'does Step Functions accept each definition?',
    price: STEP_FUNCTIONS,
    needs: 'states:ValidateStateMachineDefinition',
  },
  {
    action: 'TestState',
    asks: 'how does each state end, with what its task answers mocked?',
    price: STEP_FUNCTIONS,
    needs: 'states:TestState; no role',
  },
  {
    action: 'TestTransformer',
    asks: 'what does the log transformer make of the log?',
    price: CLOUDWATCH,
    needs: 'logs:TestTransformer',
  },
  {
    action: 'TestMetricFilter',
    asks: 'which events of the log does each filter match?',
    price: CLOUDWATCH,
    needs: 'logs:TestMetricFilter',
  },
  {
    action: 'TestInvokeMethod',
    asks: 'with --api-id: what does each method answer?',
    price: 'as calls by a client, which count: https://aws.amazon.com/api-gateway/pricing/',
    needs: 'apigateway:GET, apigateway:POST',
  },
];

/** The table of the planned calls, the head first. */
export function callTable(groups: readonly Group[]): string[][] {
  const count = (action: string): number =>
    groups.filter((group) => group.action === action).reduce((sum, { calls }) => sum + calls.length, 0);
  return [
    ['call', 'asks', 'calls', 'price', 'needs'],
    ...ACTIONS.map(({ action, asks, price, needs }) => [action, asks, String(count(action)), price, needs]),
  ];
}

/** The differences, a row each. */
export function differenceTable(differences: readonly Difference[]): string {
  return textTable(
    ['asked', 'field', 'laptop', 'AWS'],
    differences.map(({ what, field, laptop, aws }) => [what, field, shown(laptop), shown(aws)].map(short)),
  );
}

/** What is not verified, by reason. */
export function gapTable(gaps: readonly Gap[]): string {
  const reasons = new Map<string, string[]>();
  for (const { what, reason } of gaps) reasons.set(reason, [...(reasons.get(reason) ?? []), what]);
  return textTable(
    ['not verified', 'calls', 'such as'],
    Array.from(reasons, ([reason, [first = '', ...others]]) => [
      short(reason),
      String(others.length + 1),
      short(first),
    ]),
  );
}

function shown(value: unknown): string {
  return value === undefined ? '–' : JSON.stringify(value);
}

const LONGEST = 160;

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
