import { useState } from 'preact/hooks'
import { useSurroundings } from './context.ts'
import type { Topic } from './live-connection.ts'
import { useAction } from './use-action.ts'
import { useLoaded } from './use-loaded.ts'

export interface DraftParts<Saved, Draft> {
  /** Where it is read, and saved as a whole. */
  readonly path: string
  readonly topics: readonly Topic[]
  readonly draftOf: (saved: Saved) => Draft
  readonly bodyOf: (draft: Draft) => unknown
  readonly isSame: (one: Draft, other: Draft) => boolean
}

/** Something that is saved as a whole, changed by somebody over what was saved, perhaps by somebody else meanwhile. */
export interface Drafted<Draft> {
  /** As it stands in the form; undefined until it was read. */
  readonly now: Draft | undefined
  readonly loadError: Error | undefined
  readonly isChanged: boolean
  /** Somebody else has saved another one since this draft was begun. */
  readonly isOvertaken: boolean
  readonly isSaving: boolean
  readonly saveError: Error | undefined
  /** What the answer remarked, once it is saved and until it is changed again. */
  readonly remarks: readonly string[] | undefined
  readonly change: (next: Partial<Draft>) => void
  /** Goes back to what is saved. */
  readonly discard: () => void
  readonly save: () => void
}

export function useDraft<Saved extends object, Draft extends object>({
  path,
  topics,
  draftOf,
  bodyOf,
  isSame,
}: DraftParts<Saved, Draft>): Drafted<Draft> {
  const { client } = useSurroundings().session
  const saved = useLoaded(path, () => client.get<Saved>(path), topics)
  // What is typed, and over what.
  const [draft, setDraft] = useState<{ readonly from: Draft; readonly now: Draft }>()
  const [remarks, setRemarks] = useState<readonly string[]>()
  const saving = useAction()

  const theirs = saved.value && draftOf(saved.value)
  const now = draft?.now ?? theirs
  const isChanged = now !== undefined && theirs !== undefined && !isSame(now, theirs)
  return {
    now,
    loadError: theirs === undefined ? saved.error : undefined,
    isChanged,
    isOvertaken:
      isChanged && draft !== undefined && theirs !== undefined && !isSame(draft.from, theirs),
    isSaving: saving.isRunning,
    saveError: saving.error,
    remarks: isChanged ? undefined : remarks,
    change(next) {
      if (now === undefined || theirs === undefined) return
      setRemarks(undefined)
      saving.forget()
      setDraft({ from: draft?.from ?? theirs, now: { ...now, ...next } })
    },
    discard() {
      saving.forget()
      setDraft(undefined)
    },
    save() {
      if (now === undefined || !isChanged || saving.isRunning) return
      void saving.run(async () => {
        const answer = await client.put<Saved & { readonly messages: readonly string[] }>(
          path,
          bodyOf(now),
        )
        saved.put(answer)
        setDraft(undefined)
        setRemarks(answer.messages)
      })
    },
  }
}
