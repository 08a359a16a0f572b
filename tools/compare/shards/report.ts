import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  scaleText,
  sellingOutRows,
  type ShardComparison,
  shardsChartSvg,
  shardsCsv,
  shardsHtml,
  shardsJson,
  steadyRows,
} from '../../../compare/report';
import { textTable } from '../../text-table';

/**
 * Prints a comparison of shards, and writes it as a page, as JSON and as CSV, and its chart as a picture.
 *
 * @param folder made where it isn't there
 */
export async function writeShardsReport(comparison: ShardComparison, folder: string): Promise<void> {
  const [light, dark] = [
    await shardsChartSvg(comparison, { scheme: 'light' }),
    await shardsChartSvg(comparison, { scheme: 'dark' }),
  ];
  const files = {
    'shards.html': await shardsHtml(comparison),
    'shards.json': shardsJson(comparison),
    'shards.csv': shardsCsv(comparison),
    ...(light !== undefined && dark !== undefined && { 'shards-light.svg': light, 'shards-dark.svg': dark }),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);

  console.log(`\n${scaleText(comparison)}`);
  for (const [head = [], ...rows] of [steadyRows(comparison), sellingOutRows(comparison)]) {
    console.log(`\n${textTable(head, rows)}`);
  }
  console.log(
    `\n${Object.keys(files)
      .map((name) => path.join(folder, name))
      .join('\n')}`,
  );
}
