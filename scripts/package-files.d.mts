export function strayFiles(paths: readonly string[]): string[]
