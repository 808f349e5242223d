// Bare Node: what a process costs without any of them.
export function start() {
  return { report() {}, async flush() {}, async close() {} }
}
