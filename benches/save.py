#!/usr/bin/env python3
"""Time from start to the first answer, and from a save to the answer that shows it.

    cargo build --release
    python3 benches/save.py FOLDER [SAVES]
    python3 benches/save.py 100000 [SAVES]

FOLDER holds a site (its newest post is rewritten, and restored at the end); a number makes a folder of so
many short posts. Prints seconds to the first answer, resident memory, the median, p99 and maximum of SAVES
(default 200) in ms, and the CPU time of the writer per save. FEEDMILL names another binary.
"""
import datetime, glob, http.client, os, shutil, statistics, subprocess, sys, tempfile, time

folder, saves = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
here = os.path.dirname(os.path.abspath(__file__))
port = 9977


def make(folder, count):
    """Writes posts into folders of 1,000, with tags that all, half and few of them have."""
    for number in range(count):
        parent = os.path.join(folder, f"{number // 1000:04}")
        if number % 1000 == 0:
            os.mkdir(parent)
        date = datetime.datetime(2000, 1, 1) + datetime.timedelta(minutes=5 * number)
        with open(os.path.join(parent, f"{number:07}.md"), "w") as file:
            file.write(f"---\ntitle: Report {number}\ndate: {date:%Y-%m-%dT%H:%M:%SZ}\n"
                       f"tags: [all, half {number % 2}, few {number % 500}]\n---\nText {number}.\n")


made = None
if folder.isdigit():
    made = tempfile.mkdtemp(prefix="feedmill-save-")
    make(made, int(folder))
    folder = made
binary = os.environ.get("FEEDMILL", os.path.join(here, "../target/release/feedmill"))
state = tempfile.mkdtemp(prefix="feedmill-save-state-")
started = time.monotonic()
server = subprocess.Popen(
    [binary, "serve", folder, "--listen", f"127.0.0.1:{port}"],
    stderr=subprocess.DEVNULL, env={**os.environ, "XDG_STATE_HOME": state},
)


def writer_time():
    """The CPU time of the writer's thread in ms."""
    for name in glob.glob(f"/proc/{server.pid}/task/*/comm"):
        if open(name).read().strip() == "writer":
            return int(open(name.replace("comm", "schedstat")).read().split()[0]) / 1e6
    return 0


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
    before = writer_time()
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
    cost = (writer_time() - before) / saves
    open(newest, "wb").write(original)
    times.sort()
    print(
        f"save to served, {saves} saves: median {statistics.median(times):.1f} ms, "
        f"p99 {times[int(len(times) * 0.99) - 1]:.1f} ms, maximum {times[-1]:.1f} ms; "
        f"CPU time of the writer {cost:.2f} ms per save"
    )
finally:
    server.terminate()
    server.wait()
    for path in [made, state]:
        if path:
            shutil.rmtree(path)
