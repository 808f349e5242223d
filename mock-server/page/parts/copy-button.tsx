import { useEffect, useState } from 'preact/hooks'
import { Button } from './button.tsx'

const SHOWN_MS = 2_000

/** Puts a text where it can be pasted, and says so. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [result, setResult] = useState<'copied' | 'failed'>()
  useEffect(() => {
    if (result === undefined) return
    const timer = setTimeout(() => setResult(undefined), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [result])

  const word = result === undefined ? 'Copy' : result === 'copied' ? 'Copied' : 'Not copied'
  return (
    <>
      <span class="copy">
        <Button
          kind="plain"
          icon={result === 'copied' ? 'check' : 'copy'}
          label={`${word} ${what}`}
          onPress={() => void copy(text).then(setResult)}
        >
          {word}
        </Button>
      </span>
      <span class="unseen" role="status">
        {result === undefined ? '' : `${what}: ${word.toLowerCase()}`}
      </span>
    </>
  )
}

async function copy(text: string): Promise<'copied' | 'failed'> {
  try {
    // Absent where the page came over plain HTTP from another machine.
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    return copyBySelection(text) ? 'copied' : 'failed'
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'unseen'
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  return isCopied
}
