import { type IModel, type JsonSchema, JsonSchemaType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { StoreName } from '../configuration';

/** The bodies of a method, by status. */
export type ResponseModels = Readonly<Record<string, IModel>>;

const error: JsonSchema = { type: JsonSchemaType.STRING, description: 'What is wrong, for people.' };
const retryable: JsonSchema = {
  type: JsonSchemaType.BOOLEAN,
  enum: [true],
  description: 'Repeating the request is safe.',
};
const outcome: JsonSchema = {
  type: JsonSchemaType.STRING,
  enum: ['unknown'],
  description: 'It may have been carried out: repeating it may count twice.',
};
const useConditionalWrites: JsonSchema = {
  type: JsonSchemaType.BOOLEAN,
  description: 'Whether the call counts only up to a limit: its own, or that of the deployment.',
};
const counter: JsonSchema = {
  type: JsonSchemaType.INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "The counter's value.",
};
const max: JsonSchema = {
  type: JsonSchemaType.INTEGER,
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "The limit of this call: the lower one of the call's and the deployment's.",
};
const remaining: JsonSchema = {
  type: JsonSchemaType.INTEGER,
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'How many are left up to the limit.',
};
const id: JsonSchema = {
  type: JsonSchemaType.STRING,
  pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._~:@-]{1,128}$',
  description: 'The counter id: 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, but not . or ..',
};
const consistency: JsonSchema = {
  type: JsonSchemaType.STRING,
  enum: ['strong', 'eventual'],
  description: 'Whether the store guarantees that a read sees every increment acknowledged before it.',
};

/**
 * Adds the models of the answers' bodies to the API. API Gateway doesn't validate answers against them: they appear in
 * its exports, its SDKs and docs/openapi.json.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function addModels(
  api: RestApi,
  stores: readonly StoreName[],
): Readonly<Record<'increment' | 'read', ResponseModels>> & { readonly refused: IModel } {
  const store: JsonSchema = { type: JsonSchemaType.STRING, enum: [...stores], description: 'The datastore.' };
  const add = (
    modelName: string,
    description: string,
    required: Record<string, JsonSchema>,
    optional: Record<string, JsonSchema> = {},
  ): IModel =>
    api.addModel(modelName, {
      modelName,
      description,
      contentType: 'application/json',
      schema: {
        type: JsonSchemaType.OBJECT,
        properties: { ...required, ...optional },
        required: Object.keys(required),
        additionalProperties: false,
      },
    });

  const refusals = {
    400: add(
      'InvalidRequest',
      'The id, a parameter or the idempotency key is invalid; the answer names the rule and the value.',
      {
        error,
      },
    ),
    404: add('UnknownStore', 'No such store is deployed; the answer names those that are.', { error }),
  };
  const unavailable = add(
    'Unavailable',
    'The store is unavailable, or the idempotency key refused: nothing was done.',
    { error, retryable },
  );
  return {
    refused: add('Refused', 'The API has no such path, or the path no such method.', { error }),
    increment: {
      200: add(
        'Incremented',
        'Incremented, to this value.',
        { store, id, counter, useConditionalWrites },
        { max, remaining },
      ),
      ...refusals,
      409: add(
        'LimitReached',
        'The limit is reached, or leaves too little for the step.',
        { error, store, id, useConditionalWrites, max },
        { remaining },
      ),
      503: unavailable,
      504: add('OutcomeUnknown', 'No answer: it may have counted.', { error, outcome }),
    },
    read: {
      200: add(
        'CounterRead',
        'The value, 0 where there is no counter.',
        { store, id, counter, consistency },
        { max, remaining },
      ),
      ...refusals,
      503: unavailable,
      504: add('NoAnswer', 'No answer from the store, or none in time.', { error }, { retryable, outcome }),
    },
  };
}
