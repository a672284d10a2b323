#!/usr/bin/env python3
"""Time from start to the first answer, and from a save to the answer that shows it.

    cargo build --release
    python3 benches/save.py FOLDER [SAVES]

FOLDER holds a site (its newest post is rewritten, and restored at the end). Prints seconds to the
first answer, resident memory, and the median, p99 and maximum of SAVES (default 200) in ms.
"""
import http.client, os, statistics, subprocess, sys, time

folder, saves = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
here = os.path.dirname(os.path.abspath(__file__))
port = 9977
started = time.monotonic()
server = subprocess.Popen(
    [os.path.join(here, "../target/release/feedmill"), "serve", folder, "--listen", f"127.0.0.1:{port}"],
    stderr=subprocess.DEVNULL,
)


def ask(connection, etag=None):
    connection.request("GET", "/atom.xml", headers={"If-None-Match": etag} if etag else {})
    response = connection.getresponse()
    return response.status, response.getheader("ETag"), response.read()


try:
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            if ask(connection)[0] == 200:
                break
        except OSError:
            pass
        time.sleep(0.002)
    print(f"first answer after {time.monotonic() - started:.3f} s")
    status = open(f"/proc/{server.pid}/status").read()
    print("resident", next(line.split(":")[1].strip() for line in status.splitlines() if line.startswith("VmRSS")))
    newest = max(
        (os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names if name.endswith(".md")),
        key=os.path.basename,
    )
    original = open(newest, "rb").read()
    times = []
    etag = ask(connection)[1]
    for number in range(saves):
        mark = f"saved-{number}-{os.getpid()}".encode()
        time.sleep(0.01)
        with open(newest, "wb") as file:
            file.write(original + b"\n" + mark + b"\n")
        saved = time.monotonic()
        while True:
            status, new, body = ask(connection, etag)
            if status == 200 and mark in body:
                break
        times.append((time.monotonic() - saved) * 1000)
        etag = new
    open(newest, "wb").write(original)
    times.sort()
    print(
        f"save to served, {saves} saves: median {statistics.median(times):.1f} ms, "
        f"p99 {times[int(len(times) * 0.99) - 1]:.1f} ms, maximum {times[-1]:.1f} ms"
    )
finally:
    server.terminate()
    server.wait()
