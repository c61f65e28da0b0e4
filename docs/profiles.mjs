// Writes docs/profiles.md: runs every published cell through the machine, which takes a few minutes. Needs
// dist/. node docs/profiles.mjs
import { writeFileSync } from 'node:fs'
import { page, trial } from '../dist/testbed/fit/index.js'
import { openHost } from '../dist/testbed/index.js'

writeFileSync('docs/profiles.md', page(await trial(openHost())))
