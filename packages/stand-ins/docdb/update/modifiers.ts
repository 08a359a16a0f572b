import { Timestamp } from 'bson';
import { CommandError } from '../errors';
import { cloneValue, isDocument } from '../values/document';
import { add, type BsonNumber, isBsonNumber, multiply, numberType } from '../values/number';
import { compareValues, typeName } from '../values/order';
import { shown } from '../values/shown';
import { arrayModifiers } from './array-modifiers';
import type { Modifier } from './modifier';

/**
 * The modifiers of single fields (mongodb.com, "Update Operators"). `$rename` has two fields and isn't among them.
 *
 * They are not mingo's, which add in doubles and do nothing where MongoDB refuses: `$inc` of a text, `$push` to a number.
 */
export const modifiers: Readonly<Record<string, Modifier>> = {
  ...arrayModifiers,
  $set: (_path, operand) => () => ({ set: cloneValue(operand) }),
  $setOnInsert: (_path, operand) => () => ({ set: cloneValue(operand) }),
  $unset: () => (current) => (current === undefined ? 'keep' : 'remove'),
  $inc: arithmetic('$inc', 'increment', add, (amount) => amount),
  $mul: arithmetic('$mul', 'multiply', multiply, (factor) => multiply(factor, 0) ?? 0),
  $min: (_path, operand) => (current) =>
    current === undefined || compareValues(operand, current) < 0 ? { set: cloneValue(operand) } : 'keep',
  $max: (_path, operand) => (current) =>
    current === undefined || compareValues(operand, current) > 0 ? { set: cloneValue(operand) } : 'keep',
  $currentDate: (path, operand) => {
    const type = isDocument(operand) ? operand.$type : operand;
    if (type === true || type === 'date') return () => ({ set: new Date() });
    if (type === 'timestamp') return () => ({ set: new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 }) });
    throw new CommandError(2, `The '$type' of $currentDate on '${path}' must be 'date' or 'timestamp'`);
  },
  $bit: (path, operand) => {
    const operations = isDocument(operand) ? Object.entries(operand) : [];
    if (operations.length === 0) {
      throw new CommandError(2, `The $bit modifier needs {field: {and/or/xor: #}}, got ${path}: ${shown(operand)}`);
    }
    for (const [name, bits] of operations) checkBits(name, bits);
    return (current) => ({
      set: operations.reduce((value, [name, bits]) => applyBits(path, value, name, bits), current),
    });
  },
};

function arithmetic(
  name: string,
  verb: string,
  calculate: (current: BsonNumber, operand: BsonNumber) => BsonNumber | undefined,
  whenMissing: (operand: BsonNumber) => BsonNumber,
): Modifier {
  return (path, operand) => {
    if (!isBsonNumber(operand)) {
      throw new CommandError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${shown(operand)}}`);
    }
    return (current, document) => {
      if (current === undefined) return { set: whenMissing(operand) };
      if (!isBsonNumber(current)) {
        throw new CommandError(
          14,
          `Cannot apply ${name} to a value of non-numeric type. {_id: ${shown(document._id)}} has the field '${path}' of non-numeric type ${typeName(current)}`,
        );
      }
      const result = calculate(current, operand);
      if (result === undefined) {
        throw new CommandError(
          2,
          `Failed to apply ${name} operations to current value (${shown(current)}) for document {_id: ${shown(document._id)}}`,
        );
      }
      return { set: result };
    };
  };
}

function isWhole(value: unknown): value is number | bigint {
  return isBsonNumber(value) && (numberType(value) === 'int' || numberType(value) === 'long');
}

function checkBits(name: string, bits: unknown): void {
  if (!['and', 'or', 'xor'].includes(name)) {
    throw new CommandError(2, `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
  }
  if (!isWhole(bits))
    throw new CommandError(2, `The $bit modifier field must be an Integer(32/64 bit), got ${shown(bits)}`);
}

function applyBits(path: string, current: unknown, name: string, bits: unknown): unknown {
  const value = current ?? 0;
  if (!isWhole(value)) throw new CommandError(2, `Cannot apply $bit to a value of non-integral type: '${path}'`);
  if (!isWhole(bits)) return value;
  const result = bitwise(BigInt(value), name, BigInt(bits));
  return typeof value === 'bigint' || typeof bits === 'bigint' ? result : Number(result);
}

function bitwise(a: bigint, name: string, b: bigint): bigint {
  return name === 'and' ? a & b : name === 'or' ? a | b : a ^ b;
}
