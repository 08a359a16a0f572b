import { EJSON, ObjectId } from 'bson';
import { type Document, isDocument } from './document';

/** A value as MongoDB's error messages write it: `{ counter_id: "a", n: 5 }`. */
export function shown(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (Array.isArray(value)) return `[ ${value.map(shown).join(', ')} ]`;
  if (isDocument(value)) return shownFields(value);
  return value === undefined ? 'null' : EJSON.stringify(value);
}

function shownFields(document: Document): string {
  const fields = Object.entries(document).map(([field, value]) => `${field}: ${shown(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
