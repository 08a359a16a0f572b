/**
 * A resource of the synthesized template with its intrinsic functions resolved, as each emulated service reads it.
 *
 * `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, … are gone from `properties`: they are as CloudFormation would pass them
 * to the service.
 */
export interface TemplateResource {
  readonly logicalId: string;
  /** Such as `AWS::Lambda::Function`. */
  readonly type: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name (`Arn`, …). */
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
  /** `Metadata` of the resource, such as `aws:asset:path`. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The reason for a property that no part reads. */
const UNREAD = 'is not emulated';

/** The template has something that isn't emulated. It fails the start: nothing is skipped in silence. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
  readonly logicalId: string;

  /**
   * @param resource an output or the template itself can stand for one
   * @param field its path in the resource's properties, such as `Targets[0].Arn`, or `Type`
   */
  constructor(
    resource: Pick<TemplateResource, 'logicalId' | 'type'>,
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${resource.logicalId} (${resource.type}) ${field}: ${reason}`);
    this.logicalId = resource.logicalId;
  }

  /**
   * Whether the rest of the resource keeps its meaning without the property, because no part reads it. Without a
   * property that is read but has an unsupported value, it would mean something else.
   */
  get isPropertyAlone(): boolean {
    return this.reason === UNREAD && this.field !== 'Type';
  }
}

/** A value in a property can't be known here. Where no part reads the resource's properties, that changes nothing. */
export class UnresolvedError extends UnsupportedTemplateError {
  constructor(
    resource: Pick<TemplateResource, 'logicalId' | 'type'>,
    field: string,
    reason: string,
    private readonly isUnread: boolean,
  ) {
    super(resource, field, reason);
  }

  override get isPropertyAlone(): boolean {
    return this.isUnread;
  }
}
