#!/bin/sh
# Places an order, follows it to its end, cancels another, pages through all orders and asks for a refill, with curl alone.
# Takes HOLDFAST_URL, HOLDFAST_KEY and HOLDFAST_SERVICE from the environment.
set -eu
: "${HOLDFAST_URL:=http://127.0.0.1:3000}" "${HOLDFAST_SERVICE:=1}"
: "${HOLDFAST_KEY:?set it to the API key}"

body=$(mktemp)
trap 'rm -f "$body"' EXIT

# api METHOD PATH [curl options]: prints the body of the answer, also of a refusal. curl repeats a request that got no answer, 429
# or 503 after the time in Retry-After; the Idempotency-Key stays the same, so that nothing is ordered twice. The answer goes to a
# file, which curl empties before each try: a pipe would keep the answers of all tries.
api() {
  method=$1 path=$2
  shift 2
  curl --silent --show-error --max-time 30 --retry 5 --retry-all-errors --request "$method" "$HOLDFAST_URL$path" \
    --header "Authorization: Bearer $HOLDFAST_KEY" --output "$body" "$@"
  cat "$body"
}

# field NAME: the first value of that name in the JSON on standard input. With jq it is `jq -r .NAME`.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }

# The id of the order alone: the first field of the answer.
id_of() { sed -n 's/^{"id":\([0-9]*\),.*/\1/p'; }

# sale NAME LINK: places an order under your own name for it.
sale() {
  answer=$(api POST /v1/orders --header "Idempotency-Key: $1" --header 'Content-Type: application/json' \
    --data "{\"service\": $HOLDFAST_SERVICE, \"link\": \"$2\", \"quantity\": 100, \"reference\": \"$1\"}")
  order=$(printf %s "$answer" | id_of)
  [ -n "$order" ] || { echo "not placed: $answer" >&2; exit 1; }
  echo "placed order $order, price $(printf %s "$answer" | field price) $(printf %s "$answer" | field currency)"
}

# until_ended ID
until_ended() {
  while :; do
    answer=$(api GET "/v1/orders/$1")
    status=$(printf %s "$answer" | sed 's/"batches":.*//' | field status)
    case $status in Completed | Partial | Canceled) break ;; esac
    sleep 1
  done
  echo "order $1 ended $status: charged $(printf %s "$answer" | field charge), refunded $(printf %s "$answer" | field refunded)"
}

run=$(date +%s)-$$
sale "sale-$run-1" 'https://example.com/p/1'
first=$order
until_ended "$first"

sale "sale-$run-2" 'https://example.com/p/2'
second=$order
answer=$(api POST "/v1/orders/$second/cancel" --header 'Content-Type: application/json' --data '{"reason": "changed my mind"}')
echo "cancel of order $second: $(printf %s "$answer" | sed -n 's/.*"message":"\([^"]*\)".*/\1/p')"
until_ended "$second"

ids='' count=0 cursor=''
while :; do
  page=$(api GET "/v1/orders?limit=1$cursor")
  ids="$ids $(printf %s "$page" | sed -n 's/^{"data":\[{"id":\([0-9]*\),.*/\1/p')"
  count=$((count + 1))
  next=$(printf %s "$page" | sed -n 's/.*"nextCursor":"\([^"]*\)".*/\1/p')
  [ -n "$next" ] || break
  cursor="&cursor=$next"
done
echo "$count orders, newest first:$ids"

answer=$(api POST "/v1/orders/$first/refills")
refill=$(printf %s "$answer" | id_of)
if [ -n "$refill" ]; then
  echo "refill $refill of order $first: $(printf %s "$answer" | field status)"
else
  echo "no refill of order $first: $(printf %s "$answer" | sed -n 's/.*"detail":"\([^"]*\)".*/\1/p')"
fi
