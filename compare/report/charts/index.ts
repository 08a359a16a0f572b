import type { Measured } from '../selection';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { coldStartChart } from './cold-starts';
import { costChart } from './costs';
import { countersChart } from './counters';
import { keysChart } from './keys';
import { latencyChart } from './latency';
import { repetitionsChart } from './repetitions';
import { sloChart } from './slo';
import { throughputChart } from './throughput';
import { workflowChart } from './workflow';

const CHARTS = [
  throughputChart,
  latencyChart,
  countersChart,
  keysChart,
  workflowChart,
  repetitionsChart,
  coldStartChart,
  costChart,
  sloChart,
];

/** All charts that there is something to draw for, in the order of the report. */
export function drawCharts(canvas: Canvas, measured: Measured): Chart[] {
  return CHARTS.flatMap((draw) => draw(canvas, measured) ?? []);
}
