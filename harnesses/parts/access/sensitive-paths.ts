// Paths that nobody may touch, whatever any rule says: keys and credentials. To stand before another gate:
// `access=sensitive-paths/deny-first`. OpenHarness looks at the path of a tool that takes one, not into
// commands; here the paths of a command count as far as its words tell. A search over all files is not seen; a
// call that holds more than is looked at is denied. What the users deny is denied here, too.

import { part } from '../../kernel.ts'
import { type Act, actsOf } from '../../rules/acts.ts'
import { BY_SETTINGS, deniedIn } from '../../rules/configured.ts'
import { placeOf } from '../../rules/paths.ts'
import { isLike } from '../../rules/rules.ts'

/** In all its spellings: where a tool that keeps to the workspace would land counts, too. */
const spellingsOf = ({ kind, on, also }: Act): string[] =>
  kind === 'read' || kind === 'edit' ? [on, ...also].map((path) => placeOf(path).absolute) : []

const UNSEEN = 'Access denied: the call holds more values than are looked at'

export default part({
  slot: 'access',
  about: 'credentials and keys are out of reach, before any rule',
  source:
    'OpenHarness: permissions/checker.py, SENSITIVE_PATH_PATTERNS (read in source); own ones added',
  constants: {
    patterns: [
      '*/.ssh/*',
      '*/.aws/credentials',
      '*/.aws/config',
      '*/.config/gcloud/*',
      '*/.azure/*',
      '*/.gnupg/*',
      '*/.docker/config.json',
      '*/.kube/config',
      '*/.openharness/credentials.json',
      '*/.openharness/copilot_auth.json',
    ],
    // Not in OpenHarness.
    ownPatterns: ['*/.env', '*/.env.*', '*/.netrc', '*/.npmrc', '/etc/shadow', '/etc/sudoers'],
  },
  policy: ({ patterns, ownPatterns }) => ({
    gate(call, c) {
      const acts = actsOf(call, c)
      if (acts.some(({ isUnseen }) => isUnseen)) return { text: UNSEEN }
      if (deniedIn(acts, c) !== undefined) return BY_SETTINGS
      for (const path of acts.flatMap(spellingsOf))
        for (const pattern of [...patterns, ...ownPatterns])
          if (isLike(path, pattern) || isLike(`${path}/`, pattern))
            return {
              text: `Access denied: ${path} is a sensitive credential path (matched built-in pattern '${pattern}')`,
            }
      return undefined
    },
  }),
})
