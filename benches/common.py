"""What the benches share: posts, servers, and figures with their spread."""
import http.client, json, os, pathlib, random, re, shutil, statistics, subprocess, time
from datetime import datetime, timedelta, timezone

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "target/benches"
# Another build: FEEDMILL=target/profiling/feedmill benches/scale.py
FEEDMILL = os.path.abspath(os.environ.get("FEEDMILL", ROOT / "target/release/feedmill"))
WORDS = ("the of a to in system feed server memory build cache index post write read kernel stream parser latency query "
         "update release network commit branch token signal buffer thread page value schema record editor travel garden").split()
IDEOGRAPHS = "中国新闻网络信息自由技术开发系统编程经济社会历史文化生活旅行美食音乐电影读书时间世界城市政治教育科学"


def sentence(source, is_chinese):
    if is_chinese:
        return "".join(source.choices(IDEOGRAPHS, k=source.randint(12, 40))) + "。"
    return " ".join(source.choices(WORDS, k=source.randint(6, 16))).capitalize() + "."


def write_body(source):
    """A body of 2 to 8 KB: Markdown and HTML as posts have them, four in ten of them Chinese."""
    is_chinese, size = source.random() < 0.4, int(2000 * 4 ** source.random())
    parts, length = [], 0
    while length < size:
        text = " ".join(sentence(source, is_chinese) for _ in range(source.randint(2, 5)))
        kind = source.randint(0, 9)
        parts.append({
            4: f"## {text[:40]}",
            5: "\n".join(f"- **{word}** {text[:80]}" for word in source.sample(WORDS, 3)),
            6: f'<div class="note"><p>{text}</p><p><a href="https://example.org/?a=1&amp;b=2">link</a></p></div>',
            7: f"```rust\nfn f(x: &str) -> usize {{ x.len() & {kind} }}\n```",
            8: f"> {text} [a link](https://example.com/p/{source.randint(1, 9999)}) and `code <b>`.",
            9: f'<p style="color:red">{text}</p>\n\n![a picture](../images/{source.randint(1, 999)}.png)',
        }.get(kind, text))
        length += len(parts[-1].encode()) + 2
    return "\n\n".join(parts) + "\n"


def write_posts(folder, count):
    """Writes `count` posts of about 4.4 KB, always the same ones, with 500 tags by Zipf's law."""
    folder.mkdir(parents=True)
    source = random.Random(1)
    bodies = [write_body(source) for _ in range(256)]
    tags = [f"{source.choice(WORDS)}-{number}" if number % 4 else sentence(source, True)[:3] + str(number)
            for number in range(500)]
    weights = [1 / (place + 1) for place in range(500)]
    first = datetime(2014, 1, 1, tzinfo=timezone.utc)
    for number in range(count):
        date = first + timedelta(seconds=number * 12 * 365 * 86400 // count)
        title = sentence(source, number % 5 < 2)[:60]
        names = ", ".join(f'"{tag}"' for tag in dict.fromkeys(source.choices(tags, weights, k=1 + number % 4)))
        (folder / f"{date:%Y-%m-%d}-report-{number}.md").write_text(
            f'---\nlayout: post\ntitle: "{title} #{number}"\ndate: {date:%Y-%m-%dT%H:%M:%S.000Z}\nauthor: "A. Writer"\n'
            f"tags: [ {names} ]\ncategories: [ news-{number % 30} ]\ncomments: true\n---\n"
            f"Report {number} says this.\n\n{bodies[number % 256]}")


class Server:
    """A running feedmill, with a client on one connection."""

    def __init__(self, folder, port=9977, config="", wrap=()):
        self.started, self.port = time.monotonic(), port
        path = pathlib.Path(folder) / "feedmill.toml"
        path.write_text(f'[site]\ntitle = "Bench"\nurl = "https://example.org"\n[server]\nlisten = "127.0.0.1:{port}"\n'
                        f'{config}\n[[source]]\npath = "."\ndialect = "jekyll"\n')
        self.process = subprocess.Popen([*wrap, FEEDMILL, "--config", str(path), "serve"], stderr=subprocess.DEVNULL)
        self.pid = self.process.pid

    def ask(self, path="/atom.xml", headers={}):
        if not hasattr(self, "connection"):
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.getheader("ETag"), response.read()

    def wait(self, path="/atom.xml"):
        """Waits for the first answer; returns the seconds since the start."""
        while True:
            try:
                if self.ask(path)[0] == 200:
                    return time.monotonic() - self.started
            except (OSError, http.client.HTTPException):
                self.__dict__.pop("connection", None)
            if self.process.poll() is not None:
                raise SystemExit("the server ended")
            time.sleep(0.002)

    def memory(self, field="VmRSS"):
        """Memory in MB, by a field of proc(5)."""
        return int(re.search(rf"{field}:\s+(\d+)", pathlib.Path(f"/proc/{self.pid}/status").read_text())[1]) / 1024

    def cpu(self):
        return cpu(self.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def cpu(pid):
    """Seconds of CPU that a process used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spread(values, digits=2):
    """A median with the smallest and the largest value: `0.31 (0.30–0.35)`."""
    show = lambda value: f"{value:,.{digits}f}"
    return f"{show(statistics.median(values))} ({show(min(values))}–{show(max(values))})"


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def save(name, result):
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1))


def need(*programs):
    missing = [program for program in programs if not shutil.which(program)]
    if missing or not os.path.exists(FEEDMILL):
        raise SystemExit(f"needed: {', '.join(missing) or 'cargo build --release'}")
