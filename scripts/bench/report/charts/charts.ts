import type { BenchReport } from '../analysisTypes.ts';
import type { Chart } from './chart.ts';
import { clientChart } from './clientChart.ts';
import { cpuChart } from './cpuChart.ts';
import { latencyChart } from './latencyChart.ts';
import { partsChart } from './partsChart.ts';

/** The charts of a report, only those that have something to show. */
export function chartsOf(report: BenchReport): Chart[] {
  const { fits, parts, clients, latencies } = report.analysis;
  const speakers = [...new Set(fits.map((fit) => fit.speakers))].sort((a, b) => a - b);
  return [
    ...(speakers.length > 0 ? [cpuChart(report, speakers)] : []),
    ...(parts.length > 0 ? [partsChart(report)] : []),
    ...(clients.length > 0 ? [clientChart(report)] : []),
    ...(latencies.some(({ glassP50Ms }) => glassP50Ms !== null) ? [latencyChart(report)] : []),
  ];
}
