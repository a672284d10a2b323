#!/usr/bin/env python3
"""Many files changed at once, and what it costs when nothing changes.

    cargo build --release
    python3 benches/storm.py FOLDER [FILES] [IDLE]

FOLDER holds a Jekyll site in _posts (it is copied). FILES (default 10,000) of its posts are changed by
`git checkout` there and back, three times. Prints for each checkout the seconds it took, until all is served
after it, the snapshots made and the resident memory; then, over IDLE seconds (default 130, two sweeps), the
share of one core that the server took.
"""
import http.client, json, os, shutil, subprocess, sys, tempfile, time

folder = sys.argv[1]
files = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
idle = int(sys.argv[3]) if len(sys.argv) > 3 else 130
here = os.path.dirname(os.path.abspath(__file__))
work = tempfile.mkdtemp(prefix="feedmill-storm-")
site = os.path.join(work, "site")
shutil.copytree(folder, site)
git = lambda *args: subprocess.run(
    ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", *args],
    cwd=site, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
git("init", "-q", "-b", "one")
git("add", "-A")
git("commit", "-qm", "one")
git("checkout", "-qb", "two")
posts = sorted(os.listdir(os.path.join(site, "_posts")))[-files:]
for name in posts:
    with open(os.path.join(site, "_posts", name), "a") as file:
        file.write("\nA changed end.\n")
git("commit", "-qam", "two")
git("checkout", "-q", "one")
config = os.path.join(work, "feedmill.toml")
with open(config, "w") as file:
    file.write('[site]\ntitle = "Storm"\nurl = "https://example.org"\n[server]\nlisten = "127.0.0.1:9987"\n'
               'admin_listen = "127.0.0.1:9988"\n[[source]]\npath = "site"\ndialect = "jekyll"\n')
server = subprocess.Popen([os.path.join(here, "../target/release/feedmill"), "--config", config],
                          stderr=subprocess.DEVNULL)


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read()


def status():
    return json.loads(ask(9988, "/status.json")[1])


def resident():
    lines = open(f"/proc/{server.pid}/status").read().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) // 1024


def processor():
    fields = open(f"/proc/{server.pid}/stat").read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


try:
    while True:
        try:
            if ask(9987, "/readyz")[0] == 200:
                break
        except OSError:
            pass
        time.sleep(0.01)
    print(f"{status()['sources'][0]['posts']} posts, {resident()} MB")
    for turn in range(6):
        before = status()["revision"]
        started = time.monotonic()
        git("checkout", "-q", ["two", "one"][turn % 2])
        done = time.monotonic()
        last, seen = done, status()["revision"]
        # Served when no snapshot came for two seconds: the last one is what counts.
        while time.monotonic() - last < 2:
            now = status()["revision"]
            if now != seen:
                last, seen = time.monotonic(), now
            time.sleep(0.002)
        print(f"checkout of {files} files in {done - started:.2f} s, all served {last - done:.2f} s after it, "
              f"{seen - before} snapshots, {resident()} MB")
    before, started = processor(), time.monotonic()
    time.sleep(idle)
    took = time.monotonic() - started
    print(f"idle: {100 * (processor() - before) / took:.2f} % of a core over {took:.0f} s, {resident()} MB")
finally:
    server.terminate()
    server.wait()
    shutil.rmtree(work)
