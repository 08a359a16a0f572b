import type { Exchange } from './exchange';
import { GatewayError } from './gateway-error';
import { Input, type JsonPayload, MalformedJsonError } from './payload';
import type { Properties } from './properties';
import { TemplateSyntaxError } from './velocity/syntax';
import { compileTemplate } from './velocity/template';

/** A mapping template of one content type. */
export interface MappingTemplate {
  readonly contentType: string;
  /**
   * Renders the template over a payload. It may set overrides of the exchange.
   *
   * @throws GatewayError DEFAULT_4XX for a request that should be JSON and isn't, DEFAULT_5XX when the template fails
   */
  render(exchange: Exchange, payload: JsonPayload): string;
}

/**
 * Reads `RequestTemplates` or `ResponseTemplates`, each template once.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 *
 * @throws UnsupportedTemplateError naming the template
 */
export function readMappingTemplates(properties: Properties, field: string): Map<string, MappingTemplate> {
  const templates = new Map<string, MappingTemplate>();
  for (const [contentType, text] of properties.texts(field))
    templates.set(contentType, compile(contentType, text, properties, field));
  return templates;
}

function compile(contentType: string, text: string, properties: Properties, field: string): MappingTemplate {
  try {
    const template = compileTemplate(text);
    return {
      contentType,
      render: (exchange, payload) => {
        try {
          return template.render({
            input: new Input(payload, exchange),
            context: exchange.context,
            stageVariables: exchange.stage.stageVariables,
            final: exchange.overrides.final,
          });
        } catch (error) {
          throw renderingError(error, field);
        }
      },
    };
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    throw properties.refuse(`${field}.${contentType}`, error.message);
  }
}

function renderingError(error: unknown, field: string): GatewayError {
  if (error instanceof MalformedJsonError && field === 'RequestTemplates')
    return new GatewayError('DEFAULT_4XX', `Could not parse request body into json: ${error.message}`);
  return new GatewayError('DEFAULT_5XX', undefined, '', { cause: error });
}
