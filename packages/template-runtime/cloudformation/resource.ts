/**
 * A resource of the synthesized template with its intrinsic functions resolved, as each emulated service reads it.
 *
 * `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, … are gone from `properties`: what stands there is what CloudFormation
 * would hand to the service.
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

/** The template asks for something that isn't emulated. It ends the start: nothing is skipped in silence. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';

  constructor(resource: Pick<TemplateResource, 'logicalId' | 'type'>, field: string, reason: string) {
    super(`${resource.logicalId} (${resource.type}) ${field}: ${reason}`);
  }
}
