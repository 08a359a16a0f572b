import type { Clock } from '../clock';
import type { BusEvent } from './event';
import type { Rule, Target } from './rule';
import { TargetInputError } from './target-input';

/** An event that could not be delivered. */
export interface DeadLetter {
  /** The queue that the target names; undefined where AWS drops the event. */
  readonly queueArn: string | undefined;
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly event: BusEvent;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly retryAttempts: number;
  /** Undefined where no retry could have helped. */
  readonly exhaustedRetryCondition: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
}

export interface DeliveryOptions {
  readonly deliver: (targetArn: string, input: string) => Promise<void>;
  readonly onDeadLetter: (deadLetter: DeadLetter) => void;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Delivers one event to one target: again after a growing, jittered pause while the target's retry policy allows it, else
 * as a dead letter. EventBridge doesn't document its pauses; these double from 1 s up to 5 minutes.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export class Delivery {
  readonly #acceptedMs: number;
  #retries = 0;
  #cancelRetry: () => void = () => undefined;
  #isCancelled = false;

  constructor(
    private readonly rule: Rule,
    private readonly target: Target,
    private readonly event: BusEvent,
    private readonly options: DeliveryOptions,
  ) {
    this.#acceptedMs = options.clock.now();
  }

  /** Tries once; returns whether the target accepted the event. Further attempts follow automatically. */
  async attempt(): Promise<boolean> {
    try {
      const input = this.target.input(this.event, new Date(this.#acceptedMs));
      await this.options.deliver(this.target.arn, input);
      return true;
    } catch (error) {
      this.#retryOrGiveUp(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /** Stops further attempts. */
  cancel(): void {
    this.#isCancelled = true;
    this.#cancelRetry();
  }

  #retryOrGiveUp(error: Error): void {
    if (this.#isCancelled) return;
    const { clock, random } = this.options;
    if (error instanceof TargetInputError) return this.#giveUp(error, undefined);
    if (this.#retries >= this.target.maximumRetryAttempts) return this.#giveUp(error, 'MaximumRetryAttempts');
    const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** this.#retries, LONGEST_PAUSE_MS) * (0.5 + random() / 2);
    if (clock.now() + pauseMs - this.#acceptedMs > this.target.maximumEventAgeMs) {
      return this.#giveUp(error, 'MaximumEventAgeInSeconds');
    }
    this.#cancelRetry = clock.after(pauseMs, () => {
      this.#retries += 1;
      void this.attempt();
    });
  }

  #giveUp(error: Error, exhaustedRetryCondition: DeadLetter['exhaustedRetryCondition']): void {
    this.options.onDeadLetter({
      queueArn: this.target.deadLetterQueueArn,
      ruleArn: this.rule.arn,
      targetArn: this.target.arn,
      event: this.event,
      errorCode: error.name,
      errorMessage: error.message,
      retryAttempts: this.#retries,
      exhaustedRetryCondition,
    });
  }
}
