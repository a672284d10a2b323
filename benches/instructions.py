#!/usr/bin/env python3
"""Instructions of user code per cached request, per post of a start, and per first rendering: figures that a busy
machine does not change.

    apt-get install valgrind
    cargo build --profile profiling
    FEEDMILL=target/profiling/feedmill benches/instructions.py

Each figure is the difference of two runs of callgrind, divided by the difference of what they did. callgrind counts
each byte of a long copy as one instruction.
"""
import pathlib, re, shutil, subprocess, tempfile

from common import FEEDMILL, Server, need, save, table, write_posts

need("valgrind")
work = pathlib.Path(tempfile.mkdtemp(prefix="feedmill-instructions-"))


def valgrind(out):
    return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]


def count(out):
    return int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.M)[1])


def serve(requests):
    """The instructions of a server that answers some requests. An index would be built meanwhile."""
    out = work / "out"
    server = Server(work / "site", 9977, "workers = 1\n[state]\npath = false\n[search]\nindex = false", valgrind(out))
    server.wait()
    requests(server)
    server.stop()
    return count(out)


def per_request(headers, few=500, many=2500):
    def repeat(times):
        def requests(server):
            own = {"If-None-Match": server.ask()[1]} if headers is None else headers
            for _ in range(times):
                server.ask(headers=own)
        return requests
    return (serve(repeat(many)) - serve(repeat(few))) / (many - few)


def per_render():
    """One feed of 20 entries that no other feed has, of 5 KB each."""
    one = lambda targets: lambda server: [server.ask(target) for target in targets]
    pages = [f"/atom.xml?page={page}" for page in range(2, 5)]
    return (serve(one(pages)) - serve(one([]))) / len(pages)


def per_post(few=500, many=2500):
    totals = []
    for number in (few, many):
        folder, out = work / f"list-{number}", work / "out"
        write_posts(folder / "_posts", number)
        subprocess.run([*valgrind(out), FEEDMILL, "list", str(folder)], check=True, capture_output=True)
        totals.append(count(out))
    return (totals[1] - totals[0]) / (many - few)


try:
    write_posts(work / "site/_posts", 100)
    figures = {"304": per_request(None), "200, gzip": per_request({"Accept-Encoding": "gzip"}), "200": per_request({}),
               "first rendering of 20 entries": per_render(), "post, at a start": per_post()}
    save("instructions", figures)
    print(table(["what", "instructions"], [[name, f"{value:,.0f}"] for name, value in figures.items()]))
finally:
    shutil.rmtree(work)
