#!/usr/bin/env bash
# A cached feed against the same bytes from nginx, on one core: requests a second, and CPU a request.
#
#     apt-get install nginx-light wrk gzip curl
#     cargo build --release
#     benches/load.sh [SECONDS a run, default 5] [ROUNDS, default 3]
#
# Servers are pinned to core 0 with one worker, wrk to core 1; the two take turns. nginx is tuned: sendfile,
# open_file_cache, gzip_static, no log. Prints each figure's median over the rounds, and feedmill's as a
# ratio to nginx'.
set -euo pipefail
seconds=${1:-5} rounds=${2:-3}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
chmod 755 "$work"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

mkdir -p "$work/posts" "$work/www" "$work/temp"
text=$(printf 'The harbour opened its new pier an hour before sunrise, 比第一班渡轮还早。 %.0s' {1..50})
for number in $(seq 100 199); do
  printf -- '---\ntitle: Report %s\ndate: 2024-01-01T10:%02d:00Z\ntags: [harbour]\n---\n%s\n' \
    "$number" $((number % 60)) "$text" >"$work/posts/report-$number.md"
done
cat >"$work/feedmill.toml" <<TOML
[site]
title = "Load"
url = "https://example.org"
[server]
listen = "127.0.0.1:9931"
workers = 1
[state]
path = false
[[source]]
path = "posts"
TOML
cat >"$work/nginx.conf" <<NGINX
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log /dev/null;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000;
  open_file_cache max=100 inactive=1h; open_file_cache_valid 1h; gzip_static on;
  client_body_temp_path $work/temp; proxy_temp_path $work/temp; fastcgi_temp_path $work/temp;
  uwsgi_temp_path $work/temp; scgi_temp_path $work/temp;
  types { application/atom+xml xml; }
  server {
    listen 127.0.0.1:9932; root $work/www;
    add_header Cache-Control "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400";
    add_header Vary "Accept-Encoding, Sec-Fetch-Dest";
  }
}
NGINX
# Waits until an address answers, ten seconds at most.
await() { for _ in $(seq 200); do curl -sf "$1" >/dev/null && return; sleep 0.05; done; echo "$1 does not answer" >&2; exit 1; }
cd "$work"
taskset -c 0 "$here/target/release/feedmill" --config feedmill.toml serve 2>feedmill.log &
feedmill=$!
await http://127.0.0.1:9931/readyz
curl -s http://127.0.0.1:9931/atom.xml >www/atom.xml
gzip -6 -k -n www/atom.xml
taskset -c 0 nginx -c "$work/nginx.conf" &
await http://127.0.0.1:9932/atom.xml
nginx=$(pgrep -P "$(cat nginx.pid)")
echo "the feed has $(stat -c %s www/atom.xml) bytes, $(stat -c %s www/atom.xml.gz) with gzip"

# CPU that a process used until now, in ticks.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
# measure PORT PID HEADER: requests a second, and microseconds of CPU a request.
measure() {
  local before after
  before=$(ticks "$2")
  taskset -c 1 wrk -t1 -c32 -d"${seconds}s" ${3:+-H "$3"} "http://127.0.0.1:$1/atom.xml" >wrk.out
  after=$(ticks "$2")
  awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
    /requests in/ { count = $1 } /Requests\/sec/ { rate = $2 }
    END { printf "%d %.2f\n", rate, ticks / hz * 1e6 / count }' wrk.out
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
etag() { curl -sI "http://127.0.0.1:$1/atom.xml" | tr -d '\r' | awk 'tolower($1) == "etag:" { print $2 }'; }

printf '%-10s %12s %12s %7s   %12s %12s %7s\n' "" "feedmill/s" "nginx/s" ratio "feedmill µs" "nginx µs" ratio
for kind in identity gzip 304; do
  case $kind in
    identity) ours="" theirs="" ;;
    gzip) ours="Accept-Encoding: gzip" theirs=$ours ;;
    304) ours="If-None-Match: $(etag 9931)" theirs="If-None-Match: $(etag 9932)" ;;
  esac
  : >ours.txt; : >theirs.txt
  measure 9931 "$feedmill" "$ours" >/dev/null
  for _ in $(seq "$rounds"); do
    measure 9931 "$feedmill" "$ours" >>ours.txt
    measure 9932 "$nginx" "$theirs" >>theirs.txt
  done
  read -r a b c d <<<"$(echo $(cut -d' ' -f1 ours.txt | median) $(cut -d' ' -f1 theirs.txt | median) \
    $(cut -d' ' -f2 ours.txt | median) $(cut -d' ' -f2 theirs.txt | median))"
  awk -v k=$kind -v a="$a" -v b="$b" -v c="$c" -v d="$d" \
    'BEGIN { printf "%-10s %12d %12d %7.2f   %12.2f %12.2f %7.2f\n", k, a, b, a / b, c, d, c / d }'
done
