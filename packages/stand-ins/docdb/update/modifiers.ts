import { Decimal128 } from 'bson';
import { CommandError, optionNotSupported } from '../errors';
import { cloneValue, type Document, isDocument } from '../values/document';
import { add, isBsonNumber, toNumber } from '../values/number';
import { typeName } from '../values/order';
import { shown } from '../values/shown';
import type { Change } from './target';

/**
 * Prepares the change of one field: the operand is checked once, the change applied to each document.
 *
 * @param path as the update has it, for messages
 */
type Modifier = (path: string, operand: unknown) => (current: unknown, document: Document) => Change;

/** The modifiers: mongodb.com, "Update Operators". */
export const modifiers: Readonly<Record<string, Modifier>> = {
  $set: (_path, operand) => () => ({ set: cloneValue(operand) }),
  $setOnInsert: (_path, operand) => () => ({ set: cloneValue(operand) }),
  $unset: () => (current) => (current === undefined ? 'keep' : 'remove'),
  $inc: increment,
  $push: (path, operand) => {
    const { values, slice } = pushOf(operand);
    return (current) => {
      const items = [...(arrayAt(path, current) ?? []), ...values.map(cloneValue)];
      return { set: slice === undefined ? items : slice < 0 ? items.slice(slice) : items.slice(0, slice) };
    };
  },
};

function increment(path: string, amount: unknown): ReturnType<Modifier> {
  if (!isBsonNumber(amount)) {
    throw new CommandError(14, `Cannot increment with non-numeric argument: {${path}: ${shown(amount)}}`);
  }
  return (current, { _id }) => {
    if (current === undefined) return { set: amount };
    if (!isBsonNumber(current)) {
      throw new CommandError(
        14,
        `Cannot apply $inc to a value of non-numeric type. {_id: ${shown(_id)}} has the field '${path}' of non-numeric type ${typeName(current)}`,
      );
    }
    if (current instanceof Decimal128 || amount instanceof Decimal128) throw optionNotSupported('$inc of decimals');
    const sum = add(current, amount);
    if (sum === undefined) {
      throw new CommandError(
        2,
        `Failed to apply $inc operations to current value (${shown(current)}) for document {_id: ${shown(_id)}}`,
      );
    }
    return { set: sum };
  };
}

function pushOf(operand: unknown): { readonly values: readonly unknown[]; readonly slice?: number } {
  if (!isDocument(operand) || !('$each' in operand)) return { values: [operand] };
  const { $each, $slice, ...others } = operand;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new CommandError(2, `Unrecognized clause in $push: ${other}`);
  if (!Array.isArray($each)) {
    throw new CommandError(2, `The argument to $each in $push must be an array but it was of type: ${typeName($each)}`);
  }
  if ($slice === undefined) return { values: $each };
  const slice = isBsonNumber($slice) ? toNumber($slice) : NaN;
  if (!Number.isSafeInteger(slice)) {
    throw new CommandError(2, `The value for $slice must be an integer value but was given type: ${typeName($slice)}`);
  }
  return { values: $each, slice };
}

function arrayAt(path: string, current: unknown): readonly unknown[] | undefined {
  if (current === undefined || Array.isArray(current)) return current;
  throw new CommandError(2, `The field '${path}' must be an array but is of type ${typeName(current)}`);
}
