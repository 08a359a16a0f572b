import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';
import { type Clock, systemClock } from '../clock';
import { type DeadLetter, Delivery } from './delivery';
import type { BusEvent } from './event';
import { readRule } from './rule';

export { type EventsAnswer, handleEventsCall } from './api';
export type { DeadLetter } from './delivery';
export { type BusEvent, stackStatusEvent } from './event';

export interface EventBridgeOptions {
  /** Those of type `AWS::Events::Rule` are used. */
  readonly resources: readonly TemplateResource[];
  /** Hands an event to a target; what it throws is retried by the target's policy. */
  deliver(targetArn: string, input: string): Promise<void>;
  /** Whether `deliver` can reach a target of this ARN. @default - any */
  readonly isTarget?: (targetArn: string) => boolean;
  /** @default - the machine's */
  readonly clock?: Clock;
  /** From 0 up to 1, for jitter. @default - Math.random */
  readonly random?: () => number;
}

/** The result of the first attempt at a target. */
export interface FirstAttempt {
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly isDelivered: boolean;
}

export interface EventBridge {
  /** Sends an event to the targets of the rules that match it; resolves when each was tried once. */
  putEvent(event: BusEvent): Promise<FirstAttempt[]>;
  /** The latest events that could not be delivered, the oldest first. */
  deadLetters(): readonly DeadLetter[];
  /** Stops further attempts. */
  close(): void;
}

const KEPT_DEAD_LETTERS = 1_000;

/**
 * EventBridge's default event bus with the template's rules.
 *
 * @throws UnsupportedTemplateError
 */
export function startEventBridge(options: EventBridgeOptions): EventBridge {
  const { resources, isTarget = () => true, clock = systemClock, random = Math.random } = options;
  const rules = resources
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .flatMap((resource) => {
      const rule = readRule(resource);
      const unreachable = rule?.targets.findIndex(({ arn }) => !isTarget(arn)) ?? -1;
      if (unreachable < 0) return rule ?? [];
      const field = `Targets[${unreachable}].Arn`;
      throw new UnsupportedTemplateError(resource, field, 'must be a state machine of the template');
    });
  const deadLetters: DeadLetter[] = [];
  const pending = new Set<Delivery>();
  let isClosed = false;

  const send = (event: BusEvent): { delivery: Delivery; ruleArn: string; targetArn: string }[] =>
    rules
      .filter((rule) => rule.matches(event))
      .flatMap((rule) =>
        rule.targets.map((target) => {
          const delivery = new Delivery(rule, target, event, {
            deliver: async (arn, input) => {
              await options.deliver(arn, input);
              pending.delete(delivery);
            },
            onDeadLetter: (deadLetter) => {
              pending.delete(delivery);
              deadLetters.push(deadLetter);
              if (deadLetters.length > KEPT_DEAD_LETTERS) deadLetters.shift();
            },
            clock,
            random,
          });
          return { delivery, ruleArn: rule.arn, targetArn: target.arn };
        }),
      );

  return {
    putEvent(event) {
      if (isClosed) return Promise.reject(new Error('The event bus was closed'));
      return Promise.all(
        send(event).map(async ({ delivery, ruleArn, targetArn }) => {
          pending.add(delivery);
          return { ruleArn, targetArn, isDelivered: await delivery.attempt() };
        }),
      );
    },
    deadLetters: () => deadLetters.slice(),
    close() {
      isClosed = true;
      for (const delivery of pending) delivery.cancel();
      pending.clear();
    },
  };
}
