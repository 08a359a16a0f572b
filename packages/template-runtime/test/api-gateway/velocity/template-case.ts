import type { Exchange } from '../../../api-gateway/exchange';
import { Input, JsonPayload } from '../../../api-gateway/payload';
import { compileTemplate } from '../../../api-gateway/velocity/template';
import { emptyMap, type Value } from '../../../api-gateway/velocity/values';

/** A template and what it reads: the form of a line that `.ci/velocity/Renderer.java` reads too. */
export interface TemplateCase {
  readonly template: string;
  /** @default - `{}` */
  readonly body?: string;
  readonly params?: Readonly<Record<'path' | 'querystring' | 'header', Readonly<Record<string, string>>>>;
  readonly context?: Readonly<Record<string, string>>;
}

export interface Rendered {
  readonly output: string;
  readonly responseOverride: Readonly<Record<string, Value>>;
}

const NO_PARAMS = { path: {}, querystring: {}, header: {} };

/** Renders a case as the laptop's API Gateway does. */
export function render({ template, body = '{}', params = NO_PARAMS, context = {} }: TemplateCase): Rendered {
  const header = emptyMap();
  const responseOverride = Object.assign(emptyMap(), { header });
  const requestOverride = { header: emptyMap(), path: emptyMap(), querystring: emptyMap() };
  const exchange = {
    pathParameters: params.path,
    pathParameter: (name: string) => params.path[name],
    queryValues: (name: string) => listOf(params.querystring[name]),
    headerValues: (name: string) => listOf(params.header[name]),
    queryMap: () => params.querystring,
    headerMap: () => params.header,
  } satisfies Partial<Record<keyof Exchange, unknown>> as unknown as Exchange;
  const output = compileTemplate(template).render({
    input: new Input(new JsonPayload({ body }), exchange),
    context: Object.assign(emptyMap(), context, { responseOverride, requestOverride }),
    stageVariables: emptyMap(),
    final: [header, responseOverride],
  });
  return { output, responseOverride: { ...responseOverride, header: { ...header } } };
}

const listOf = (value: string | undefined): string[] | undefined => (value === undefined ? undefined : [value]);
