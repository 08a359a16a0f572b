import type { TemplateResource } from './template-resource';

export function startSecretsManager({ resources }: { resources: readonly TemplateResource[]; region: string; account: string }) {
  const values = new Map<string, string>();
  const secrets = resources.filter(({ type }) => type === 'AWS::SecretsManager::Secret');
  return {
    setValue(id: string, value: object) {
      values.set(id, JSON.stringify(value));
    },
    handle(action: string, body: string) {
      const { SecretId: id } = JSON.parse(body) as { SecretId: string };
      const found = secrets.find(({ physicalId, properties }) => physicalId === id || properties['Name'] === id);
      const value = found && values.get(found.physicalId);
      const headers = { 'Content-Type': 'application/x-amz-json-1.1' };
      return Promise.resolve(
        value === undefined
          ? { status: 400, headers, body: JSON.stringify({ __type: 'ResourceNotFoundException', message: `${action}: none` }) }
          : { status: 200, headers, body: JSON.stringify({ ARN: id, Name: id, SecretString: value }) },
      );
    },
  };
}
