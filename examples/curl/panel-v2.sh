#!/bin/sh
# Places an order by panel API v2, as existing panels do, and follows it to its end.
# Takes HOLDFAST_URL, HOLDFAST_KEY and HOLDFAST_SERVICE from the environment.
set -eu
: "${HOLDFAST_URL:=http://127.0.0.1:3000}" "${HOLDFAST_SERVICE:=1}"
: "${HOLDFAST_KEY:?set it to the API key}"

# ask ACTION [NAME=VALUE ...]
ask() {
  action=$1
  shift
  for one in "$@"; do
    set -- "$@" --data-urlencode "$one"
    shift
  done
  curl --silent --show-error --max-time 30 "$HOLDFAST_URL/api/v2" --data "key=$HOLDFAST_KEY" --data "action=$action" "$@"
}

# request_id is an extension of Holdfast: with it a call that got no answer can be repeated without ordering twice.
answer=$(ask add "service=$HOLDFAST_SERVICE" link=https://example.com/p/3 quantity=100 "request_id=sale-$(date +%s)-$$")
order=$(printf %s "$answer" | sed -n 's/^{"order":\([0-9]*\)}$/\1/p')
# An error means that there is no order, and none will appear.
[ -n "$order" ] || { echo "not placed: $answer" >&2; exit 1; }
echo "placed order $order"

while :; do
  answer=$(ask status "order=$order")
  case $answer in *'"status":"Completed"'* | *'"status":"Partial"'* | *'"status":"Canceled"'*) break ;; esac
  sleep 1
done
echo "order $order ended: $answer"
echo "balance $(ask balance)"
