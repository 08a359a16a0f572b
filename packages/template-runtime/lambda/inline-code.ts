import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TemplateResource } from '../cloudformation/resource';

/** The code that functions have in the template itself, as files. */
export interface InlineCode {
  /** The folder with the function's code; undefined where it stands elsewhere. */
  directoryOf(resource: TemplateResource): string | undefined;
  /** Deletes the files. */
  remove(): void;
}

/**
 * Writes `Code.ZipFile` where a function can be loaded from, in a file named `index` as CloudFormation does.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 */
export function inlineCode(): InlineCode {
  let root: string | undefined;
  return {
    directoryOf({ logicalId, properties }) {
      const { ZipFile: code } = (properties['Code'] ?? {}) as { ZipFile?: unknown };
      if (typeof code !== 'string') return undefined;
      root ??= mkdtempSync(path.join(tmpdir(), 'template-runtime-'));
      const folder = path.join(root, logicalId);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'index.js'), code);
      return folder;
    },
    remove() {
      if (root !== undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
