#!/usr/bin/env python3
"""Replays a history of posts, commit by commit, under a running server, and counts the posts that readers never see:
readers of the newest entries by date and by arrival, and readers that follow links to archive documents (RFC 5005).

    benches/replay.py                               a made-up history: bursts, back-dated batches, imports
    benches/replay.py REPOSITORY FOLDER [COMMITS]   the last commits of a git repository, its posts in FOLDER
    HEAD=COMMIT benches/replay.py REPOSITORY …      those before this commit
    KILL=20 benches/replay.py …                     kills the server in each 20th commit, and starts it again
"""
import html, json, os, pathlib, random, re, shutil, signal, subprocess, sys, tempfile, time
from common import Server, save, table

LIMIT = int(os.environ.get("LIMIT", 20))
# Readers poll after every so many commits.
RHYTHMS = [1, 24, 168]
PUBLIC = "https://feeds.example.org"
CONFIG = f"""public_url = "{PUBLIC}"
[feeds]
limit = {LIMIT}
[[feed]]
name = "new"
order = "arrival"
window = "24h"
[[feed]]
name = "plain"
archive = 0
"""


def make_history(folder):
    """Makes the posts of one commit after another, as jobs do that fill archives, and people who edit."""
    source, number = random.Random(1), 0
    for commit in range(300):
        kind = source.choices(["live", "back-dated", "burst", "import", "edit", "remove"], [60, 15, 8, 1, 12, 4])[0]
        posts = sorted(folder.glob("*.md"))
        if kind == "edit":
            path = source.choice(posts) if posts else None
            path and path.write_text(path.read_text() + "\nOne more line.\n")
        elif kind == "remove":
            posts and source.choice(posts).unlink()
        for _ in range({"live": 1, "back-dated": 12, "burst": 90, "import": 700}.get(kind, 0)):
            day = commit if kind in ("live", "burst") else source.randrange(4000) - 4000
            date = time.strftime("%Y-%m-%d", time.gmtime(1_700_000_000 + day * 86400))
            (folder / f"{date}-post-{number}.md").write_text(f"---\ntitle: Post {number}\ndate: {date}\n---\nText {number}.\n")
            number += 1
        yield


def replay_git(repository, below, count, folder):
    """Checks out the last commits of a repository, one after another; of each, the folder of its posts."""
    git = lambda *args: subprocess.run(["git", "-C", repository, *args], capture_output=True, check=True).stdout
    commits = git("rev-list", "--first-parent", os.environ.get("HEAD", "HEAD"), "--", below).decode().split()[:count][::-1]
    read = lambda name: (name, git("show", name))
    extract = f'git -C "{repository}" archive {commits[0]} "{below}" | tar x -C "{folder}" --strip-components={below.count("/") + 1}'
    subprocess.run(["sh", "-c", extract], check=True)
    yield
    for before, after in zip(commits, commits[1:]):
        changes = git("diff", "--name-status", "--no-renames", "-z", before, after, "--", below).decode().split("\0")
        for kind, name in zip(changes[::2], changes[1::2]):
            path = folder / pathlib.PurePosixPath(name).relative_to(below)
            if kind == "D":
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(read(f"{after}:{name}")[1])
        yield


class Reader:
    """Reads the feed, and archive documents from the newest one back to the first that has not changed."""

    def __init__(self, name, path, follows, rhythm):
        self.name, self.path, self.follows, self.rhythm = name, path, follows, rhythm
        self.etags, self.seen, self.requests = {}, set(), 0

    def poll(self, server):
        path = self.path
        while path:
            status, etag, body = server.ask(path, {"If-None-Match": self.etags[path]} if path in self.etags else {})
            self.requests += 1
            if status == 304:
                return
            assert status == 200, (path, status)
            self.etags[path], text = etag, body.decode()
            self.seen.update(map(html.unescape, re.findall("<entry>.*?<id>(.*?)</id>", text, re.S)))
            older = re.search('<link href="([^"]*)" rel="prev-archive"', text)
            path = older and self.follows and older[1].removeprefix(PUBLIC)


def list_all(server):
    """The ids of all posts that are served."""
    ids, page = set(), 1
    while True:
        status, _, body = server.ask(f"/feed.json?limit=500&page={page}")
        if status != 200:
            return ids
        ids.update(item["id"] for item in json.loads(body)["items"])
        page += 1


def settle(server, folder, number):
    """Waits until a post that is written last, and removed again, was served and is not any more."""
    mark = folder / f"2000-01-01-mark-{number}.md"
    mark.write_text(f"---\ntitle: Mark {number}\ndate: 2000-01-01\ntags: [replay-mark]\n---\n")
    is_served = lambda: b"<entry>" in server.ask("/atom.xml?tags=replay-mark")[2]
    while not is_served():
        time.sleep(0.002)
    mark.unlink()
    while is_served():
        time.sleep(0.002)


def main(arguments):
    work = pathlib.Path(tempfile.mkdtemp(prefix="replay-"))
    folder = work / "_posts"
    folder.mkdir()
    name = "made-up"
    history = make_history(folder)
    if arguments:
        repository, below, count = arguments[0], arguments[1].rstrip("/"), int(arguments[2]) if arguments[2:] else 1000
        history, name = replay_git(repository, below, count, folder), f"{pathlib.Path(repository).resolve()}/{below}"
    kinds = [("by date", "/feeds/plain/atom.xml", False), ("by arrival, window 24h", "/feeds/new/atom.xml", False),
             ("by date, with archives", "/atom.xml", True), ("by arrival, with archives", "/feeds/new/atom.xml", True)]
    readers = [Reader(*kind, rhythm) for kind in kinds for rhythm in RHYTHMS]
    kill_at = int(os.environ.get("KILL", 0))
    next(history)
    server, commits, started, killed = start(work), 1, time.monotonic(), 0
    first = list_all(server)
    for reader in readers:
        reader.poll(server)
    for _ in history:
        commits += 1
        # A kill comes while the changes of a commit are read.
        if kill_at and commits % kill_at == 0:
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            server, killed = start(work), killed + 1
        settle(server, folder, commits)
        for reader in readers:
            if commits % reader.rhythm == 0:
                reader.poll(server)
    for reader in readers:
        reader.poll(server)
    arrived = list_all(server) - first
    server.stop()
    rows = [[reader.name, reader.rhythm, len(arrived - reader.seen), f"{len(arrived - reader.seen) / max(1, len(arrived)):.1%}",
             reader.requests] for reader in readers]
    for missed in sorted(arrived - readers[-1].seen)[:5]:
        print("never seen by the last reader:", missed, file=sys.stderr)
    print(f"{name}: {commits} commits, {len(arrived)} posts arrived, limit {LIMIT}, killed {killed} times, "
          f"{time.monotonic() - started:.0f} s\n")
    print(table(["reader", "polls every … commits", "never seen", "", "requests"], rows))
    save("replay", {"history": name, "commits": commits, "arrived": len(arrived), "killed": killed, "rows": rows})
    shutil.rmtree(work)


def start(work):
    server = Server(work, port=int(os.environ.get("PORT", 23987)), config=CONFIG)
    server.wait("/readyz")
    return server


main(sys.argv[1:])
