#!/usr/bin/env python3
"""Measures everything that docs/performance.md shows, and writes its tables and its plot.

    apt-get install nginx-light wrk valgrind hugo jekyll ruby-jekyll-feed
    cargo build --release
    benches/performance.py [COUNT ..., as benches/scale.py]
"""
import pathlib, subprocess, sys

here = pathlib.Path(__file__).resolve().parent
for name, *arguments in [["scale", *sys.argv[1:]], ["serving"], ["instructions"]]:
    subprocess.run([sys.executable, str(here / f"{name}.py"), *arguments], check=True)
