/** What a state calls, in words: `Lambda MyFunction`, `dynamodb:updateItem`. */
export function resourceText(resource: string | undefined): string | undefined {
  if (resource === undefined) return undefined;
  const [, name] = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:(.+)$/.exec(resource) ?? [];
  if (name !== undefined) return `Lambda ${name}`;
  return resource.replace(/^aws-sdk:/, '');
}
