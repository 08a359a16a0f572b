import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type StackLocation, stackLocation } from './stack-location';
import { resourceIdentity } from './identities';
import { createIntrinsics } from './intrinsics';
import { type TemplateResource, UnsupportedTemplateError } from './resource';

const TEMPLATE_ENDING = '.template.json';

/** A resource as it stands in the synthesized template. */
export interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface RawTemplate {
  readonly Resources: Readonly<Record<string, RawResource>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown }>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
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
 * @throws Error where there is no such file, or more than one
 */
export function loadTemplate(source: string): SynthesizedTemplate {
  const file = templateFile(source);
  const assembly = path.dirname(file);
  const stackName = path.basename(file, TEMPLATE_ENDING);
  const read = (name: string): unknown => JSON.parse(readFileSync(name, 'utf8'));
  const manifestFile = path.join(assembly, `${stackName}.assets.json`);
  const manifest = (existsSync(manifestFile) ? read(manifestFile) : {}) as AssetManifest;
  const directories = new Map(
    Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, path.join(assembly, source.path ?? '')] as const),
    ),
  );
  return {
    ...resolveTemplate(read(file) as RawTemplate, stackLocation(stackName)),
    codeDirectory(resource) {
      const { S3Key: key } = (resource.properties['Code'] ?? {}) as { S3Key?: string };
      const directory = key === undefined ? undefined : directories.get(key);
      if (directory === undefined) throw new UnsupportedTemplateError(resource, 'Code', 'is no asset of the assembly');
      return directory;
    },
  };
}

function templateFile(source: string): string {
  if (source.endsWith(TEMPLATE_ENDING)) return source;
  const files = readdirSync(source).filter((name) => name.endsWith(TEMPLATE_ENDING));
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new Error(
      `${source} must hold one *${TEMPLATE_ENDING}, it holds ${files.join(', ') || 'none'}: name the file`,
    );
  }
  return path.join(source, file);
}

/**
 * Resolves a template's references as CloudFormation would.
 *
 * @throws UnsupportedTemplateError for a resource type or an intrinsic function that isn't emulated
 */
export function resolveTemplate(
  template: RawTemplate,
  location: StackLocation = stackLocation('Stack'),
): Omit<SynthesizedTemplate, 'codeDirectory'> {
  const identities = new Map<string, ReturnType<typeof resourceIdentity>>();
  const identityOf = (logicalId: string): ReturnType<typeof resourceIdentity> => {
    const known = identities.get(logicalId);
    if (known) return known;
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`The template refers to ${logicalId}, which it doesn't have`);
    const identity = resourceIdentity(logicalId, resource.Type, location, (property) =>
      resolve(resource.Properties?.[property]),
    );
    identities.set(logicalId, identity);
    return identity;
  };
  const resolve = createIntrinsics({ location, mappings: template.Mappings ?? {}, identityOf });

  return {
    location,
    resources: Object.entries(template.Resources).map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      ...identityOf(logicalId),
      properties: (resolve(resource.Properties ?? {}) ?? {}) as Record<string, unknown>,
      metadata: resource.Metadata ?? {},
    })),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).map(([key, { Value }]) => [key, String(resolve(Value))]),
    ),
  };
}
