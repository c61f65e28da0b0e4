// Where the numbers of a profile come from: shares of all its parameters, inherited and usual ones too.

export interface Origins {
  readonly measured: number
  readonly borrowed: number
  readonly assumed: number
}

/** In whole per cent. */
export function sharesOf(origins: Iterable<string>): Origins {
  const all = [...origins]
  const percent = (start: string): number => {
    const count = all.filter((origin) => origin.startsWith(start)).length
    return Math.round((100 * count) / Math.max(1, all.length))
  }
  return {
    measured: percent('measured'),
    borrowed: percent('borrowed'),
    assumed: percent('assumed'),
  }
}
