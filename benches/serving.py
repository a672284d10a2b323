#!/usr/bin/env python3
"""A cached feed against the same bytes from nginx, on one core: requests a second, and CPU a request.

    apt-get install nginx-light wrk
    cargo build --release
    benches/serving.py [ROUNDS, default 15] [SECONDS of a round, default 1]

Servers are pinned to core 0 with one worker, wrk to core 1 with 32 connections. The two take turns, so that a change
of the machine's speed concerns both; the ratio is of neighbours, and its median counts. nginx is tuned: sendfile,
open_file_cache, gzip_static, no log.
"""
import gzip, pathlib, re, subprocess, sys, tempfile, time, urllib.request

from common import Server, cpu, need, save, spread, table, write_posts

rounds, seconds = [int(value) for value in (sys.argv[1:] + ["15", "1"][len(sys.argv) - 1:])]
need("nginx", "wrk", "taskset")
work = pathlib.Path(tempfile.mkdtemp(prefix="feedmill-serving-"))
work.chmod(0o755)
(work / "www").mkdir()
(work / "temp").mkdir()
write_posts(work / "site/_posts", 100)
(work / "nginx.conf").write_text(f"""worker_processes 1; daemon off; pid {work}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000;
  open_file_cache max=100 inactive=1h; open_file_cache_valid 1h; gzip_static on;
  client_body_temp_path {work}/temp; proxy_temp_path {work}/temp; fastcgi_temp_path {work}/temp;
  uwsgi_temp_path {work}/temp; scgi_temp_path {work}/temp;
  types {{ application/atom+xml xml; }}
  server {{
    listen 127.0.0.1:9979; root {work}/www;
    add_header Cache-Control "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400";
    add_header Vary "Accept-Encoding, Sec-Fetch-Dest";
  }}
}}
""")


def etag(port):
    return urllib.request.urlopen(f"http://127.0.0.1:{port}/atom.xml").headers["ETag"]


def measure(port, pid, header):
    before = cpu(pid)
    command = ["taskset", "-c", "1", "wrk", "-t1", "-c32", f"-d{seconds}s", *(["-H", header] if header else [])]
    text = subprocess.run([*command, f"http://127.0.0.1:{port}/atom.xml"], check=True, capture_output=True, text=True).stdout
    count = int(re.search(r"(\d+) requests in", text)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), (cpu(pid) - before) / count * 1e6


server = Server(work / "site", 9978, "workers = 1\n[state]\npath = false", ["taskset", "-c", "0"])
nginx = None
try:
    server.wait()
    body = server.ask()[2]
    (work / "www/atom.xml").write_bytes(body)
    (work / "www/atom.xml.gz").write_bytes(gzip.compress(body, 6))
    nginx = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", str(work / "nginx.conf")])
    time.sleep(0.5)
    worker = int(subprocess.check_output(["pgrep", "-P", str(nginx.pid)]))
    rows, results = [], {}
    for kind in ["200", "200, gzip", "304"]:
        header = lambda port: {"200": None, "200, gzip": "Accept-Encoding: gzip"}.get(kind, f"If-None-Match: {etag(port)}")
        ours, theirs = header(9978), header(9979)
        measure(9978, server.pid, ours)
        pairs = [(measure(9978, server.pid, ours), measure(9979, worker, theirs)) for _ in range(rounds)]
        results[kind] = pairs
        rate, used = ([own[place] / other[place] for own, other in pairs] for place in (0, 1))
        rows.append([kind, spread(rate), spread(used), spread([own[1] for own, _ in pairs], 1),
                     spread([other[1] for _, other in pairs], 1)])
    save("serving", results)
    print(table(["response", "rate, of nginx's", "CPU, of nginx's", "feedmill, µs", "nginx, µs"], rows))
finally:
    server.stop()
    if nginx:
        nginx.terminate()
        nginx.wait()
    subprocess.run(["rm", "-rf", str(work)])
