#!/usr/bin/env bash
# npx mock-teamserver run --api-key on --control -- bash check.sh
set -euo pipefail

control() {
  curl --silent --show-error --fail-with-body "$MOCK_TEAMSERVER_CONTROL_URL/$1" \
    -H "Authorization: Bearer $MOCK_TEAMSERVER_CONTROL_TOKEN"
}

node app.js &
# The answer comes when the report does, and is 408 when it does not.
control "reports?type=finding&count=1&timeoutMs=10000" | jq -r '.reports[].report | "stored: \(.rule)"'
wait $!

# The same from somebody who has the generated credentials alone.
curl --silent "$CONTRAST__API__URL/api/engine/v1/reports" -H 'Content-Type: application/json' \
  -H "Authorization: $(printf %s "$CONTRAST__API__USER_NAME:$CONTRAST__API__SERVICE_KEY" | base64 | tr -d '\n')" \
  -d '{"reports": [{"id": "forged", "type": "finding", "rule": "forged"}]}' | jq -r '"answered: \(.reason)"'
control "refusals?count=1&timeoutMs=1000" | jq -r '.refusals[] | "refused: \(.reason) (\(.detail))"'
