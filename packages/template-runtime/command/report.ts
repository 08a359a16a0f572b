import type { TemplateRuntime } from '..';

/** How to call a running template: URLs, a curl for each route, ARNs and the console. */
export function startReport(
  { port, urls, routes, stepFunctions }: TemplateRuntime,
  { apiKey }: { readonly apiKey: string },
): string {
  const endpoint = `http://127.0.0.1:${port}`;
  const machines = stepFunctions.stateMachines.map(({ type, arn }) => `${type.padEnd(8)} ${arn}`);
  return [
    section('Base URL', urls),
    section(
      'Routes',
      routes.map((route) => curl(route, apiKey)),
    ),
    section('State machines', machines),
    section('Console', [`${endpoint}/console`]),
    section('Endpoint of AWS SDKs and the AWS CLI', [endpoint]),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');

/** A path parameter stands for itself, so that the command can be run as it is. */
function curl({ method, url, needsKey }: TemplateRuntime['routes'][number], apiKey: string): string {
  const options = [
    ...(method === 'ANY' || method === 'GET' ? [] : [`-X ${method}`]),
    ...(needsKey ? [`-H "x-api-key: ${apiKey}"`] : []),
  ];
  return ['curl', ...options, url.replace(/\{([^}+]+)\+?\}/g, '$1')].join(' ');
}
