/** The distribution functions that are used of jStat, which has no types of its own. */
declare module 'jstat' {
  interface JStat {
    readonly normal: {
      cdf(x: number, mean: number, deviation: number): number
      inv(p: number, mean: number, deviation: number): number
    }
    readonly studentt: { cdf(x: number, dof: number): number; inv(p: number, dof: number): number }
  }
  const jstat: JStat
  export default jstat
}
