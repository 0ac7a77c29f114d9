/**
 * YAML that flags name, read and written plainly. Not `import('yaml')` where it is used: a package that is
 * imported so is loaded whole, and a report needs the half of it that writes.
 */
export { parse, stringify } from 'yaml'
