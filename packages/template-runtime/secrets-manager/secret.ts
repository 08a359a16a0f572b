import { randomUUID } from 'node:crypto';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** One value that a secret has or had. */
export interface SecretVersion {
  readonly id: string;
  readonly secretString: string | undefined;
  /** Base64. */
  readonly secretBinary: string | undefined;
  readonly createdMs: number;
  readonly stages: readonly string[];
}

/** The value of a version to be put. */
export interface SecretValue {
  readonly secretString?: string | undefined;
  readonly secretBinary?: string | undefined;
}

export interface SecretIdentity {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
}

/**
 * A secret with its versions, of which those without a stage are forgotten.
 *
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html, "Version"
 */
export class Secret {
  readonly createdMs: number;
  #changedMs: number;
  #versions: SecretVersion[] = [];

  constructor(
    readonly identity: SecretIdentity,
    private readonly now: () => number,
  ) {
    this.createdMs = this.#changedMs = now();
  }

  get changedMs(): number {
    return this.#changedMs;
  }

  get versions(): readonly SecretVersion[] {
    return this.#versions;
  }

  version(id: string): SecretVersion | undefined {
    return this.#versions.find((version) => version.id === id);
  }

  stage(name: string): SecretVersion | undefined {
    return this.#versions.find(({ stages }) => stages.includes(name));
  }

  /**
   * Adds a version; its stages move from the versions that had them, and the current version becomes the previous one.
   */
  put({ secretString, secretBinary }: SecretValue, id: string = randomUUID(), stages = [CURRENT]): SecretVersion {
    const current = this.stage(CURRENT);
    const taken = stages.includes(CURRENT) && current ? [...stages, PREVIOUS] : stages;
    const others = this.#versions.map((version) => ({
      ...version,
      stages: [
        ...version.stages.filter((stage) => !taken.includes(stage)),
        ...(version === current && taken !== stages ? [PREVIOUS] : []),
      ],
    }));
    const added: SecretVersion = { id, secretString, secretBinary, createdMs: this.now(), stages };
    this.#versions = [...others.filter((version) => version.stages.length > 0), added];
    this.#changedMs = added.createdMs;
    return added;
  }
}

/** The fields of a value that is a JSON object; undefined for others. */
export function parseFields(value: string): Record<string, unknown> | undefined {
  try {
    const fields: unknown = JSON.parse(value);
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
      return fields as Record<string, unknown>;
  } catch (error) {
    // JSON.parse quotes the text in its message, and the text is a credential: the error is never shown.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}
