import { CopyButton } from './copy-button.tsx'

/** Something to paste elsewhere. @param shown What stands there in its place, where it holds a key. */
export function CodeBlock({
  what,
  text,
  shown = text,
}: {
  readonly what: string
  readonly text: string
  readonly shown?: string
}) {
  return (
    <div class="code-block">
      <section aria-label={what}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its room is scrolled by keyboard too */}
        <pre tabIndex={0}>
          <code>{shown}</code>
        </pre>
      </section>
      <CopyButton text={text} what={what} />
    </div>
  )
}
