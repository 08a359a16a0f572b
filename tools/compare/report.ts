import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  baselineRows,
  cellRows,
  chartSvg,
  type Comparison,
  comparisonCsv,
  comparisonJson,
  compareWithBaseline,
  reportHtml,
  summarize,
} from '../../compare/report';
import { textTable } from '../text-table';

/**
 * Prints a comparison, and writes it as a page, as JSON and as CSV, and its first chart as a picture.
 *
 * @param folder made where it isn't there
 * @param baseline what it is compared with. @default - nothing
 */
export async function writeReport(comparison: Comparison, folder: string, baseline?: Comparison): Promise<void> {
  const files = {
    'comparison.html': await reportHtml(comparison, baseline && { baseline }),
    'comparison.json': comparisonJson(comparison),
    'comparison.csv': comparisonCsv(comparison),
    ...(await pictures(comparison)),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);

  print(cellRows(comparison));
  if (baseline) {
    const change = compareWithBaseline(comparison, baseline);
    print(baselineRows(change));
    for (const line of change.differences) console.log(line);
    if (change.unmatched.length > 0)
      console.log(`\nnot compared, as only one of the two has them: ${change.unmatched.length} cells`);
  }
  console.log(
    `\n${Object.keys(files)
      .map((name) => path.join(folder, name))
      .join('\n')}`,
  );
}

/** The throughput in both schemes, for a page elsewhere; none where no closed loop was measured. */
async function pictures(comparison: Comparison): Promise<Record<string, string>> {
  const isDrawn = summarize(comparison).some(
    ({ cell, callsPerSecond }) => cell.load.kind === 'closed' && callsPerSecond,
  );
  if (!isDrawn) return {};
  return {
    'throughput-light.svg': await chartSvg(comparison, { scheme: 'light' }),
    'throughput-dark.svg': await chartSvg(comparison, { scheme: 'dark' }),
  };
}

function print([head = [], ...rows]: readonly (readonly string[])[]): void {
  console.log(`\n${textTable(head, rows)}`);
}
