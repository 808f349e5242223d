#!/usr/bin/env bash
# bash start.sh: a TeamServer that lives as long as this script.
set -euo pipefail

exec 3< <(exec node_modules/.bin/mock-teamserver --port 0 --api-key on --control --json)
trap "kill $!" EXIT
read -r started <&3 # comes once it is ready

CONTRAST__API__URL=$(jq -r .url <<<"$started")
CONTRAST__API__TOKEN=$(jq -r .agent.token <<<"$started")
CONTRAST__API__API_KEY=$(jq -r .apiKey.value <<<"$started")
export CONTRAST__API__URL CONTRAST__API__TOKEN CONTRAST__API__API_KEY

node app.js
curl --silent --show-error --fail "$(jq -r .control.url <<<"$started")/reports?type=finding" \
  -H "Authorization: Bearer $(jq -r .control.token <<<"$started")" | jq -r '.reports[].report.rule'
