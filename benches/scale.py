#!/usr/bin/env python3
"""Time to the first answer, memory and time from a save to its answer, by the number of posts.

    cargo build --release
    benches/scale.py [COUNT ..., default 1000 10000 100000]
    benches/scale.py 1000 10000 100000 1000000    # needs 10 GB of disk and half an hour

For each number: starts without state and then with the state of the start before, three times; then 50 saves of the
newest post. Hugo and Jekyll (with jekyll-feed), where they are installed, build the same posts; one that takes longer
than two minutes is not run with more; with --alone none is run. Prints a table, and writes a plot,
target/benches/scale.svg.
"""
import math, pathlib, shutil, statistics, subprocess, sys, tempfile, time

from common import RESULTS, Server, need, save, spread, table, write_posts

RUNS, SAVES, PATIENCE = 3, 50, 120
counts = [int(text) for text in sys.argv[1:] if text != "--alone"] or [1_000, 10_000, 100_000]


def measure_saves(server, folder):
    """Milliseconds from each save of the newest post to the first answer that shows it."""
    newest = max((folder / "_posts").iterdir())
    original, times = newest.read_text(), []
    etag = server.ask()[1]
    for number in range(SAVES):
        mark = f"saved-{number}-"
        time.sleep(0.02)
        newest.write_text(f"{original}\n{mark}\n")
        saved = time.monotonic()
        while True:
            status, new, body = server.ask(headers={"If-None-Match": etag})
            if status == 200 and mark.encode() in body:
                break
        times.append((time.monotonic() - saved) * 1000)
        etag = new
    newest.write_text(original)
    return times


def measure(folder):
    """All figures of feedmill for one folder."""
    result = {name: [] for name in ["cold", "warm", "cpu", "memory", "peak", "save"]}
    for run in range(RUNS):
        shutil.rmtree(folder / ".feedmill", ignore_errors=True)
        for kind in ["cold", "warm"]:
            server = Server(folder)
            result[kind].append(server.wait())
            server.wait("/readyz")
            if kind == "cold":
                result["cpu"].append(server.cpu())
            # Memory that a start took and no longer needs goes back to the system.
            time.sleep(3)
            if kind == "warm":
                result["memory"].append(server.memory())
                result["peak"].append(server.memory("VmHWM"))
                if run == RUNS - 1:
                    result["save"] = measure_saves(server, folder)
            server.stop()
    return result


def build(name, folder, posts):
    """Seconds that a generator takes to build the same posts."""
    site = folder / name
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir()
    if name == "hugo":
        (site / "content").mkdir()
        (site / "content/posts").symlink_to(posts)
        (site / "layouts/_default").mkdir(parents=True)
        for layout in ["single", "list"]:
            (site / f"layouts/_default/{layout}.html").write_text("{{ .Title }}{{ .Content }}")
        (site / "config.toml").write_text('baseURL = "https://example.org/"\ntitle = "Bench"\n')
        command = ["hugo", "--quiet"]
    else:
        (site / "_posts").symlink_to(posts)
        (site / "_config.yml").write_text("title: Bench\nurl: https://example.org\nplugins: [jekyll-feed]\n")
        command = ["jekyll", "build", "--quiet", "--disable-disk-cache"]
    started = time.monotonic()
    try:
        subprocess.run(command, cwd=site, timeout=2 * PATIENCE, capture_output=True, check=True)
        return time.monotonic() - started
    except (subprocess.SubprocessError, OSError):
        return None
    finally:
        shutil.rmtree(site, ignore_errors=True)


STYLE = """<style>
text { font: 12px sans-serif; fill: #333 } .grid { stroke: #8884; stroke-width: 1 } .title { font-weight: bold }
.line { fill: none; stroke-width: 2 }
.a { stroke: #0a6; fill: #0a6 } .b { stroke: #36c; fill: #36c } .c { stroke: #c60; fill: #c60 } .d { stroke: #a3a; fill: #a3a }
path.a, path.b, path.c, path.d { fill: none } text.a, text.b, text.c, text.d { stroke: none }
@media (prefers-color-scheme: dark) { text { fill: #ccc } }
</style>"""


def panel(left, title, unit, series):
    """One plot with logarithmic axes: series of (name, class, [(posts, value)])."""
    width, height, top = 330, 250, 40
    points = [point for _, _, values in series for point in values]
    low_x, high_x = (round(math.log10(limit(x for x, _ in points))) for limit in (min, max))
    low_y, high_y = math.floor(math.log10(min(y for _, y in points))), math.ceil(math.log10(max(y for _, y in points)))
    place_x = lambda x: left + width * (math.log10(x) - low_x) / max(high_x - low_x, 1)
    place_y = lambda y: top + height * (high_y - math.log10(y)) / max(high_y - low_y, 1)
    out = [f'<text class="title" x="{left}" y="20">{title}</text>']
    for power in range(low_x, high_x + 1):
        x = place_x(10**power)
        out.append(f'<path class="grid" d="M{x:.0f} {top}v{height}"/>'
                   f'<text x="{x:.0f}" y="{top + height + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low_y, high_y + 1):
        y = place_y(10**power)
        out.append(f'<path class="grid" d="M{left} {y:.0f}h{width}"/>'
                   f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:,g} {unit}</text>')
    names = []
    for name, style, values in series:
        path = "L".join(f"{place_x(x):.1f} {place_y(y):.1f}" for x, y in values)
        out.append(f'<path class="line {style}" d="M{path}"/>')
        out += [f'<circle class="{style}" cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="3"/>' for x, y in values]
        x, y = place_x(values[-1][0]) - 6, place_y(values[-1][1]) - 8
        # Names of lines that end close together stand below each other.
        while any(abs(y - other) < 13 for other in names):
            y += 13
        names.append(y)
        out.append(f'<text class="{style}" x="{x:.0f}" y="{y:.0f}" text-anchor="end">{name}</text>')
    return "\n".join(out)


def plot(results):
    line = lambda name, style, key: (name, style, [(count, statistics.median(result[key]))
                                                   for count, result in results.items() if result.get(key)])
    times = [line("start", "a", "cold"), line("restart", "b", "warm"), line("Hugo", "c", "hugo"), line("Jekyll", "d", "jekyll")]
    memory = [line("resident", "a", "memory"), line("peak", "b", "peak")]
    (RESULTS / "scale.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 320" role="img">\n'
        "<title>Time to the first answer, and memory, by the number of posts</title>\n"
        f"{STYLE}\n{panel(60, 'Time to the first answer, by posts', 's', [one for one in times if one[2]])}\n"
        f"{panel(500, 'Memory, by posts', 'MB', memory)}\n</svg>\n")


need()
work = pathlib.Path(tempfile.mkdtemp(prefix="feedmill-scale-"))
try:
    results = {}
    peers = [name for name in ["hugo", "jekyll"] if shutil.which(name) and "--alone" not in sys.argv]
    for count in counts:
        folder = work / str(count)
        write_posts(folder / "_posts", count)
        results[count] = measure(folder)
        for name in list(peers):
            took = build(name, work, folder / "_posts")
            if took:
                results[count][name] = [took]
            if not took or took > PATIENCE:
                peers.remove(name)
        save("scale", results)
        shutil.rmtree(folder)
        print(count, {name: round(statistics.median(values), 3) for name, values in results[count].items()}, flush=True)
    show = lambda values, digits=2: spread(values, digits) if values else "–"
    rows = [[f"{count:,}", show(result["cold"], 3), show(result["warm"], 3),
             f"{statistics.median(result['cpu']) / count * 1e6:.0f}", show(result["memory"], 0), show(result["save"], 1),
             *(f"{result[name][0]:.1f} ({result[name][0] / statistics.median(result['cold']):,.0f} ×)" if name in result else "–"
               for name in ["hugo", "jekyll"])] for count, result in results.items()]
    heads = ["posts", "start, s", "restart, s", "CPU per post, µs", "resident, MB", "save, ms", "Hugo, s", "Jekyll, s"]
    print(table(heads, rows))
    plot(results)
finally:
    shutil.rmtree(work)
