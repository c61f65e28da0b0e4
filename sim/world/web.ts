// The web, as far as a world has one: pages by their address, which do not change.
import { z } from 'zod'
import { failure, text } from './files.ts'
import { tool, type WorldTool } from './tool.ts'

export const WEB_TOOLS: readonly WorldTool[] = [
  tool(
    {
      name: 'fetch_page',
      description: 'Fetch a web page as text.',
      shape: { url: z.string().min(1) },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    ({ pages }, { url }) => {
      const page = Object.hasOwn(pages, url) ? pages[url] : undefined
      return page === undefined ? failure(`Error: 404 Not Found: ${url}`) : text(page)
    },
  ),
]
