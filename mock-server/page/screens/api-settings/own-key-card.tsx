import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Card, Loading } from '../../parts/card.tsx'
import { dateAndTime } from '../../parts/moment.ts'
import { Failure, Notice } from '../../parts/notice.tsx'
import { RotateDialog } from '../../parts/rotate-dialog.tsx'
import { Secret } from '../../parts/secret.tsx'
import { useSurroundings } from '../../state/context.ts'
import { useLoaded } from '../../state/use-loaded.ts'
import { authorizationOf } from './authorization.ts'

interface ServiceKeyAnswer {
  readonly service_key: string
  readonly user_uid: string
  readonly acceptedUntil?: string
}

const PATH = '/ng/profile/servicekey'

/** What the person's own scripts come in with. */
export function OwnKeyCard() {
  const { client } = useSurroundings().session
  const key = useLoaded(PATH, () => client.get<ServiceKeyAnswer>(PATH))
  const [isRotating, setIsRotating] = useState(false)
  const { value } = key
  return (
    <Card
      title="Your keys"
      about="For your own scripts over REST. They are of no use to an engine, and your password is of no use here."
    >
      <Failure error={key.error} />
      {value === undefined && key.error === undefined && <Loading lines={4} />}
      {value && (
        <div class="stack">
          <dl class="facts">
            <dt>User name</dt>
            <dd class="long">{value.user_uid}</dd>
            <dt>Service key</dt>
            <dd>
              <Secret what="service key" value={value.service_key} />
            </dd>
            <dt>Authorization header</dt>
            <dd>
              <Secret
                what="authorization header"
                value={authorizationOf(value.user_uid, value.service_key)}
              />
            </dd>
          </dl>
          {value.acceptedUntil && (
            <Notice tone="warning">
              Your replaced key is accepted until {dateAndTime(value.acceptedUntil)}.
            </Notice>
          )}
          <div class="row">
            <Button icon="rotate" onPress={() => setIsRotating(true)}>
              Rotate…
            </Button>
          </div>
        </div>
      )}
      {isRotating && (
        <RotateDialog
          title="Rotate your service key"
          onRotate={async (overlapMs) => key.put(await client.put(`${PATH}/rotate`, { overlapMs }))}
          onClose={() => setIsRotating(false)}
        >
          <p>Every script that uses it needs the new key and the new authorization header.</p>
        </RotateDialog>
      )}
    </Card>
  )
}
