import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type StackLocation, stackLocation } from './stack-location';
import { isWithoutEffect, resourceIdentity } from './identities';
import { createIntrinsics, type RawParameter } from './intrinsics';
import { type TemplateResource, UnresolvedError, UnsupportedTemplateError } from './resource';

const TEMPLATE_ENDING = '.template.json';

/** What stands for a resource's type where an output is named. */
const OUTPUT = 'Output';

/** A resource as it stands in the synthesized template. */
export interface RawResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface RawTemplate {
  readonly Resources: Readonly<Record<string, RawResource>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown; Condition?: string }>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, RawParameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Transform?: unknown;
}

/** A template as it stands in its file, and the assets beside it. */
export interface TemplateFile {
  readonly raw: RawTemplate;
  /**
   * Resolves its references; another template may stand in for it, such as a part of it.
   *
   * @throws UnsupportedTemplateError for what isn't emulated
   */
  resolve(raw?: RawTemplate): SynthesizedTemplate;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<string, { source: { path?: string }; destinations: Readonly<Record<string, { objectKey: string }>> }>
  >;
}

/** The synthesized template with every reference resolved, and the assets that it names. */
export interface SynthesizedTemplate {
  readonly location: StackLocation;
  readonly resources: readonly TemplateResource[];
  /** Stack outputs by key. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * The folder with the code of a Lambda function.
   *
   * @throws UnsupportedTemplateError when the code is no asset of the assembly
   */
  codeDirectory(resource: TemplateResource): string;
}

/**
 * Reads a synthesized template and the assets beside it. The file's name is the stack's.
 *
 * @param source a file `X.template.json`, or the cloud assembly with one such file: the folder that `cdk synth` wrote
 * @throws UnsupportedTemplateError for a resource type or an intrinsic function that isn't emulated
 * @throws Error where there is no such file, or more than one, or it holds no template
 */
export function loadTemplate(source: string): SynthesizedTemplate {
  return readTemplate(source).resolve();
}

/**
 * Reads a template without resolving it.
 *
 * @throws Error like `loadTemplate`
 */
export function readTemplate(source: string): TemplateFile {
  const file = templateFile(source);
  const assembly = path.dirname(file);
  const stackName = path.basename(file).replace(/(\.template)?(\.json)?$/, '');
  const raw = asTemplate(file, readJson(file));
  const manifestFile = path.join(assembly, `${stackName}.assets.json`);
  const manifest = (existsSync(manifestFile) ? readJson(manifestFile) : {}) as AssetManifest;
  const directories = new Map(
    Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, path.join(assembly, source.path ?? '')] as const),
    ),
  );
  return {
    raw,
    resolve: (template = raw) => ({
      ...resolveTemplate(template, stackLocation(stackName)),
      codeDirectory(resource) {
        const { S3Key: key } = (resource.properties['Code'] ?? {}) as { S3Key?: string };
        const directory = key === undefined ? undefined : directories.get(key);
        if (directory === undefined) {
          throw new UnsupportedTemplateError(resource, 'Code', 'is no asset of the assembly');
        }
        return directory;
      },
    }),
  };
}

function templateFile(source: string): string {
  if (!existsSync(source)) throw new Error(`${source} is not there`);
  if (!statSync(source).isDirectory()) return source;
  const files = readdirSync(source).filter((name) => name.endsWith(TEMPLATE_ENDING));
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new Error(
      `${source} must hold one *${TEMPLATE_ENDING}, it holds ${files.join(', ') || 'none'}: name the file`,
    );
  }
  return path.join(source, file);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`${file} is no JSON: ${error.message}`, { cause: error });
    throw error;
  }
}

function asTemplate(file: string, document: unknown): RawTemplate {
  const { Resources: resources } = (document ?? {}) as { Resources?: unknown };
  const isTemplate =
    isRecord(resources) && Object.values(resources).every((item) => isRecord(item) && typeof item['Type'] === 'string');
  if (!isTemplate) throw new Error(`${file} is no CloudFormation template: Resources must be objects with a Type`);
  return document as RawTemplate;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Resolves a template's references as CloudFormation would: resources whose condition doesn't hold are not there.
 *
 * @throws UnsupportedTemplateError for a resource type or an intrinsic function that isn't emulated
 */
export function resolveTemplate(
  template: RawTemplate,
  location: StackLocation = stackLocation('Stack'),
): Omit<SynthesizedTemplate, 'codeDirectory'> {
  const { Resources, Outputs = {}, Transform, Mappings = {}, Parameters = {}, Conditions = {} } = template;
  if (Transform !== undefined) {
    const template = { logicalId: location.stackName, type: 'Template' };
    throw new UnsupportedTemplateError(template, 'Transform', `${JSON.stringify(Transform)} is not emulated`);
  }
  const identities = new Map<string, ReturnType<typeof resourceIdentity>>();
  const identityOf = (logicalId: string): ReturnType<typeof resourceIdentity> => {
    const known = identities.get(logicalId);
    if (known) return known;
    const resource = Object.hasOwn(Resources, logicalId) ? Resources[logicalId] : undefined;
    if (!resource) throw new Error(`refers to ${logicalId}, which is not there`);
    const identity = resourceIdentity(logicalId, resource.Type, location, (property) =>
      resolveAt({ logicalId, type: resource.Type }, property, resource.Properties?.[property], resolve),
    );
    identities.set(logicalId, identity);
    return identity;
  };
  const intrinsics = { location, mappings: Mappings, parameters: Parameters, conditions: Conditions, identityOf };
  const { resolve, holds } = createIntrinsics(intrinsics);
  const isThere = (logicalId: string, type: string, condition: string | undefined): boolean =>
    condition === undefined || (resolveAt({ logicalId, type }, 'Condition', condition, holds as Resolve) as boolean);

  return {
    location,
    resources: Object.entries(Resources)
      .filter(([logicalId, { Type, Condition }]) => isThere(logicalId, Type, Condition))
      .map(([logicalId, { Type: type, Properties = {}, Metadata = {} }]) => ({
        logicalId,
        type,
        ...identityOf(logicalId),
        properties: resolveAt({ logicalId, type }, '', Properties, resolve) as Record<string, unknown>,
        metadata: Metadata,
      })),
    outputs: Object.fromEntries(
      Object.entries(Outputs)
        .filter(([key, { Condition }]) => isThere(key, OUTPUT, Condition))
        .map(([key, { Value }]) => [key, String(resolveAt({ logicalId: key, type: OUTPUT }, 'Value', Value, resolve))]),
    ),
  };
}

type Resolve = (value: unknown) => unknown;

/**
 * Resolves a value.
 *
 * @throws UnresolvedError naming the innermost place that can't be resolved
 */
function resolveAt(
  resource: Pick<TemplateResource, 'logicalId' | 'type'>,
  field: string,
  value: unknown,
  resolve: Resolve,
): unknown {
  try {
    return resolve(value);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UnsupportedTemplateError) throw error;
    const isIntrinsic =
      isRecord(value) && Object.keys(value).length === 1 && /^(Ref$|Fn::)/.test(String(Object.keys(value)[0]));
    if (typeof value === 'object' && value !== null && !isIntrinsic) {
      for (const [key, item] of Object.entries(value)) {
        const place = Array.isArray(value) ? `${field}[${key}]` : [field, key].filter(Boolean).join('.');
        resolveAt(resource, place, item, resolve);
      }
    }
    throw new UnresolvedError(resource, field, error.message, isWithoutEffect(resource.type));
  }
}
