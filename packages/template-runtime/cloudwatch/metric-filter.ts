import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';
import { compileFilterPattern, type FilterPattern } from './filter-pattern';
import { isScalar, toNumber } from './json-pattern';
import { compileSelector, type Selector } from './selector';
import { logGroupName } from './transformer';

/** What a metric filter makes of an event that it matches. */
export interface Measurement {
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A compiled metric filter. */
export interface MetricFilter {
  readonly logicalId: string;
  readonly logGroup: string;
  readonly isOnTransformed: boolean;
  readonly pattern: FilterPattern;
  readonly namespace: string;
  readonly metricName: string;
  readonly unit: string;
  /** The value of a minute in which events came and none matched; undefined where nothing is reported then. */
  readonly defaultValue: number | undefined;
  /** Undefined where the event lacks the value or a dimension: then nothing is measured. */
  measure(document: unknown): Measurement | undefined;
}

const FIELDS = ['ApplyOnTransformedLogs', 'FilterName', 'FilterPattern', 'LogGroupName', 'MetricTransformations'];
const TRANSFORMATION_FIELDS = ['DefaultValue', 'Dimensions', 'MetricName', 'MetricNamespace', 'MetricValue', 'Unit'];
const MOST_DIMENSIONS = 3;

/**
 * Compiles an `AWS::Logs::MetricFilter`.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-logs-metricfilter-metrictransformation.html
 *
 * @throws UnsupportedTemplateError for a field or a pattern that isn't emulated
 */
export function readMetricFilter(resource: TemplateResource): MetricFilter {
  const { logicalId, properties } = resource;
  const unsupported = (field: string, reason: string): UnsupportedTemplateError =>
    new UnsupportedTemplateError(resource, field, reason);
  const [transformation, ...others] = (properties['MetricTransformations'] ?? []) as Record<string, unknown>[];
  if (!transformation || others.length > 0) throw unsupported('MetricTransformations', 'must be exactly one');
  const field = (name: string): string => `MetricTransformations[0].${name}`;
  for (const name of Object.keys(properties)) if (!FIELDS.includes(name)) throw unsupported(name, 'is not emulated');
  for (const name of Object.keys(transformation)) {
    if (!TRANSFORMATION_FIELDS.includes(name)) throw unsupported(field(name), 'is not emulated');
  }
  const text = (name: string, fallback?: string): string => {
    const value = transformation[name] ?? fallback;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw unsupported(field(name), 'must be a text');
  };
  const compile = <T>(name: string, compiler: () => T): T => {
    try {
      return compiler();
    } catch (error) {
      if (error instanceof SyntaxError) throw unsupported(name, error.message);
      throw error;
    }
  };

  const { FilterPattern: patternText = '', LogGroupName, ApplyOnTransformedLogs } = properties;
  if (typeof patternText !== 'string') throw unsupported('FilterPattern', 'must be a text');
  if (typeof LogGroupName !== 'string') throw unsupported('LogGroupName', 'must be a text');
  const pattern = compile('FilterPattern', () => compileFilterPattern(patternText));
  const isOnTransformed = ApplyOnTransformedLogs === true || ApplyOnTransformedLogs === 'true';
  if (isOnTransformed && pattern.subject !== 'document') {
    throw unsupported('ApplyOnTransformedLogs', 'is emulated for JSON patterns only');
  }
  const selector = (name: string, selectorText: string): Selector => {
    if (pattern.subject !== 'document') throw unsupported(field(name), 'takes fields from JSON patterns only');
    return compile(field(name), () => compileSelector(selectorText).get);
  };

  const entries = (transformation['Dimensions'] ?? []) as { Key?: unknown; Value?: unknown }[];
  if (entries.length > MOST_DIMENSIONS) throw unsupported(field('Dimensions'), `are ${MOST_DIMENSIONS} at most`);
  const dimensions = entries.map(({ Key, Value }): [string, Selector] => [
    String(Key),
    selector('Dimensions', String(Value)),
  ]);
  const constant = toNumber(text('MetricValue'));
  const readValue = constant === undefined ? selector('MetricValue', text('MetricValue')) : () => constant;
  const defaultValue = toNumber(transformation['DefaultValue']);
  if (defaultValue !== undefined && dimensions.length > 0) {
    throw unsupported(field('DefaultValue'), 'can not stand beside Dimensions');
  }
  return {
    logicalId,
    logGroup: logGroupName(LogGroupName),
    isOnTransformed,
    pattern,
    namespace: text('MetricNamespace'),
    metricName: text('MetricName'),
    unit: text('Unit', 'None'),
    defaultValue,
    measure(document) {
      const value = toNumber(readValue(document));
      if (value === undefined) return undefined;
      const named: Record<string, string> = {};
      for (const [name, read] of dimensions) {
        const dimension = read(document);
        if (!isScalar(dimension)) return undefined;
        named[name] = String(dimension);
      }
      return { value, dimensions: named };
    },
  };
}
