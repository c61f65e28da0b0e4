// The entries of a folder under reports/, by id: so that a newcomer is tested by existing.
import { readdirSync } from 'node:fs'

export async function entriesOf<T>(folder: string): Promise<[id: string, entry: T][]> {
  const url = new URL(`../../reports/${folder}/`, import.meta.url)
  const files = readdirSync(url).filter((file) => file.endsWith('.ts'))
  return Promise.all(
    files.sort().map(async (file): Promise<[string, T]> => {
      const module: { default: T } = await import(new URL(file, url).href)
      return [file.replace(/\.ts$/, ''), module.default]
    }),
  )
}
