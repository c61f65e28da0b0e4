// Writes docs/parts.md, docs/kernels.md and docs/scenarios.md from the catalogue, the last with runs. Needs
// dist/. node docs/pages.mjs
import { writeFileSync } from 'node:fs'
import { openHouse } from '../dist/testbed/house.js'
import { openHost } from '../dist/testbed/index.js'
import { kernelsPage, partsPage } from '../dist/testbed/pages.js'
import { scenariosPage } from '../dist/testbed/scenarios-page.js'

const house = await openHouse(openHost())
writeFileSync('docs/parts.md', await partsPage(house.catalog))
writeFileSync('docs/kernels.md', await kernelsPage(house.catalog))
writeFileSync('docs/scenarios.md', await scenariosPage(house))
