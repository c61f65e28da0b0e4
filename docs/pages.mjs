// Writes docs/parts.md and docs/kernels.md from the catalogue. Needs dist/. node docs/pages.mjs
import { writeFileSync } from 'node:fs'
import { catalog } from '../dist/testbed/catalog.js'
import { openHost } from '../dist/testbed/index.js'
import { kernelsPage, partsPage } from '../dist/testbed/pages.js'

const entries = catalog(openHost())
writeFileSync('docs/parts.md', await partsPage(entries))
writeFileSync('docs/kernels.md', await kernelsPage(entries))
