#!/usr/bin/env python3
"""What a cold start costs: instructions a post, CPU and time to the first answer, resident memory a post.

    apt-get install valgrind
    cargo build --profile profiling
    python3 benches/start.py FOLDER [PROGRAM, default target/profiling/feedmill]

FOLDER holds a site of some 10,000 posts or more. Each figure is printed for a site whose URL is known, and for one
whose URL is not: then bodies with relative references are converted. Instructions are those of `list` over the
whole site less those over a tenth of it. Memory is what the server holds 3 s after the first answer.
"""
import http.client, os, re, resource, shutil, subprocess, sys, tempfile, time

folder = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
program = sys.argv[2] if len(sys.argv) > 2 else os.path.join(here, "../target/profiling/feedmill")
URL = ["--site-url", "https://example.org"]
port = 9978


def is_post(name):
    return name.endswith((".md", ".markdown", ".html"))


def count(site):
    return sum(is_post(name) for _, _, names in os.walk(site) for name in names)


def take_tenth(target):
    """Copies every tenth post and all other files."""
    number = 0
    for above, _, names in os.walk(folder):
        to = os.path.join(target, os.path.relpath(above, folder))
        os.makedirs(to, exist_ok=True)
        for name in sorted(names):
            number += is_post(name)
            if not is_post(name) or number % 10 == 0:
                shutil.copy(os.path.join(above, name), to)


def count_instructions(site, options):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "list", site]
    done = subprocess.run(command + options, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(re.search(r"refs: +([0-9,]+)", done.stderr)[1].replace(",", ""))


def start(options):
    """Seconds to the first answer, and the server's resident memory in bytes."""
    began = time.monotonic()
    command = [program, "serve", folder, "--listen", f"127.0.0.1:{port}"] + options
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", "/atom.xml")
                if connection.getresponse().status == 200:
                    break
            except OSError:
                pass
            time.sleep(0.002)
        took = time.monotonic() - began
        time.sleep(3)
        status = open(f"/proc/{server.pid}/status").read()
        return took, int(re.search(r"VmRSS:\s+(\d+)", status)[1]) << 10
    finally:
        server.terminate()
        server.wait()


posts = count(folder)
with tempfile.TemporaryDirectory() as tenth:
    take_tenth(tenth)
    for what, options in [("URL known", URL), ("URL unknown", [])]:
        whole, part = count_instructions(folder, options), count_instructions(tenth, options)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        took, memory = start(options)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{what}: {(whole - part) / (posts - count(tenth)):,.0f} instructions a post; first answer of {posts:,} "
            f"posts after {took:.2f} s, {cpu / posts * 1e6:.0f} µs of CPU a post; {memory / 1e6:.0f} MB resident"
        )
