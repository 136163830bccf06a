import { type MachineTimes, machineTimes, treeCpuS } from './cpu.ts';

export interface CpuUse {
  seconds: number;
  /** User and system seconds of the measured process tree. */
  cpuS: number;
  /** Share of the machine's processor time in use by anybody, 0..1. */
  machineBusy: number;
  /** Share in use by neither the measured process nor this one. */
  othersBusy: number;
}

/** Measures a process tree between two moments, and what else the machine did meanwhile. */
export class CpuSpan {
  readonly #root: number;
  readonly #startNs = process.hrtime.bigint();
  readonly #startCpuS: number;
  readonly #startMachine: MachineTimes = machineTimes();
  readonly #startOwn = process.cpuUsage();

  constructor(root: number) {
    this.#root = root;
    this.#startCpuS = treeCpuS(root);
  }

  end(): CpuUse {
    const cpuS = treeCpuS(this.#root) - this.#startCpuS;
    const machine = machineTimes();
    const own = this.#root === process.pid ? { user: 0, system: 0 } : process.cpuUsage(this.#startOwn);
    const totalS = machine.totalS - this.#startMachine.totalS;
    const busyS = totalS - (machine.idleS - this.#startMachine.idleS);
    const othersS = Math.max(0, busyS - cpuS - (own.user + own.system) / 1e6);
    return {
      seconds: Number(process.hrtime.bigint() - this.#startNs) / 1e9,
      cpuS,
      // The kernel counts in hundredths of a second: in less it may count nothing.
      machineBusy: totalS > 0 ? busyS / totalS : 0,
      othersBusy: totalS > 0 ? othersS / totalS : 0,
    };
  }
}
