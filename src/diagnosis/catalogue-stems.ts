import { RULES } from './rules/index.ts'
import { stemsOf } from './stems.ts'

/**
 * Of each rule of the catalogue, in its order; none where they cannot be told. The bundle has the lists themselves in
 * place of this call (`rolldown.config.mjs`): taking a hundred patterns apart is a twentieth of a small report.
 */
export const STEMS: readonly (readonly string[])[] = RULES.map(({ match }) => stemsOf(match) ?? [])
