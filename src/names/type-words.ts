/**
 * Types as people say them: `alloc::vec::Vec<alloc::string::String, alloc::alloc::Global>` is
 * `Vec<String>`. Closures keep the function they belong to: `main::{closure}`.
 */
export function typeWords(types: string): string {
  return types
    .replaceAll(/,\s*alloc::alloc::Global(?=[>,]|$)/g, '')
    .replaceAll(/\{\{closure\}\}|\{closure(?:_env)?#\d+\}/g, '{closure}')
    .replaceAll(/(?<!\w)(?:\w+::)+(\w+(?:::\{)?)/g, '$1')
    .replaceAll('::<', '<')
    .replaceAll(/> +(?=>|$)/g, '>')
    .replaceAll(/,(?=\S)/g, ', ')
}
