#!/usr/bin/env python3
"""Runs the cases of matching.toml and fixing.toml through ast-grep, Semgrep, Biome and rune, and prints what each did.

    tests/comparison/compare.py [--rune PATH] [--peers FOLDER] [--write] [--show CASE]

The other tools are installed at the versions below into FOLDER, a temporary one if none is given; nothing is written into
the project except with --write, which puts the tables into docs/comparison.md. Needs Python 3.11, npm and a network.
"""

import argparse
import ast
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DOCUMENT = ROOT / "docs" / "comparison.md"
# Seconds after which a command is stopped.
LONGEST = 60
VERSIONS = {"ast-grep": "0.51.1", "semgrep": "1.185.0", "biome": "2.6.8"}

AST_GREP = {"ts": "TypeScript", "tsx": "Tsx", "js": "JavaScript", "mjs": "JavaScript", "py": "Python"}
SEMGREP = {"ts": "typescript", "tsx": "typescript", "js": "javascript", "mjs": "javascript", "py": "python"}
RUNE = {"ts": "ecma", "tsx": "ecma", "js": "ecma", "mjs": "ecma", "py": "python", "prisma": "prisma"}
MANIFEST = '[pack]\nname = "cases"\nversion = "1.0.0"\nformat = 1\ndescription = "d"\n[skills.s]\ntitle = "S"\n'


def run(command, cwd):
    """The exit code and all that a command says; no exit code if it did not end."""
    environment = {**os.environ, "NO_COLOR": "1", "SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "COLUMNS": "200"}
    command = [str(part) for part in command]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=cwd, text=True, env=environment, start_new_session=True, **pipes) as process:
        try:
            out, err = process.communicate(timeout=LONGEST)
            return process.returncode, out, err
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, "", ""


def install(folder):
    """Installs the other tools unless they are there; their programs by name."""
    bin_folder = folder / "python" / "bin"
    if not (bin_folder / "semgrep").exists():
        venv.create(folder / "python", with_pip=True)
        wanted = [f"ast-grep-cli=={VERSIONS['ast-grep']}", f"semgrep=={VERSIONS['semgrep']}"]
        subprocess.run([bin_folder / "pip", "install", "--quiet", *wanted], check=True)
    npm_folder = folder / "npm"
    if not (npm_folder / "node_modules").exists():
        npm_folder.mkdir(parents=True, exist_ok=True)
        (npm_folder / "package.json").write_text("{}")
        subprocess.run(["npm", "install", "--silent", f"@biomejs/biome@{VERSIONS['biome']}"], cwd=npm_folder, check=True)
    # Semgrep starts a program that it looks for on the path.
    os.environ["PATH"] = f"{bin_folder}:{os.environ['PATH']}"
    biome = npm_folder / "node_modules" / ".bin" / "biome"
    return {"ast-grep": bin_folder / "ast-grep", "semgrep": bin_folder / "semgrep", "biome": biome}


def indented(text, by):
    return "".join(f"{' ' * by}{line}\n" if line.strip() else "\n" for line in text.strip("\n").splitlines())


def ast_grep_rules(name, text, languages):
    heads = dict.fromkeys(AST_GREP[language] for language in languages)
    return [f"id: {name}\nlanguage: {head}\nmessage: found\nseverity: error\n{text}" for head in heads]


def semgrep_rule(name, text, languages):
    known = ", ".join(dict.fromkeys(SEMGREP[language] for language in languages))
    return f"  - id: {name}\n    languages: [{known}]\n    message: found\n    severity: ERROR\n{indented(text, 4)}"


def rune_rule(name, text, languages, edits=""):
    known = ", ".join(dict.fromkeys(RUNE[language] for language in languages))
    fix = f"fix:\n  title: mend it\n  safety: safe\n  edits:\n{indented(edits, 4)}" if edits else ""
    example = "{ bad: x, fixed: y }" if edits else "{ bad: x }"
    return (
        f"id: {name}\nsummary: s\nseverity: high\nconfidence: high\nlanguages: [{known}]\nskip: []\nmatch: |\n"
        f"{indented(text, 2)}report: found\n{fix}why: w\nexamples: [{example}, {{ good: y }}]\n"
    )


def write_pack(folder, rules):
    (folder / "s").mkdir(parents=True)
    (folder / "pack.toml").write_text(MANIFEST)
    for name, text in rules.items():
        (folder / "s" / f"{name}.yaml").write_text(text)


# ---- matching

def files_of(case):
    return case.get("files") or {f"a.{case['languages'][0]}": case["code"]}


def wanted_of(case):
    lines = ((path, n, line) for path, text in files_of(case).items() for n, line in enumerate(text.splitlines(), 1))
    return {(path, n) for path, n, line in lines if line.endswith("WANT")}


def match_all(cases, programs, work):
    """For each tool and case the lines that were reported; `None` where the tool has no rule."""
    sources = work / "sources"
    for case in cases:
        for path, text in files_of(case).items():
            place = sources / case["id"] / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
    rules_of = {case["id"]: {**case, **case.get("rules", {})} for case in cases}
    having = lambda tool: [(name, rules) for name, rules in rules_of.items() if tool in rules]
    documents = [text for name, rules in having("ast-grep") for text in ast_grep_rules(name, rules["ast-grep"], rules["languages"])]
    (work / "ast-grep.yml").write_text("\n---\n".join(documents))
    texts = [semgrep_rule(name, rules["semgrep"], rules["languages"]) for name, rules in having("semgrep")]
    (work / "semgrep.yml").write_text("rules:\n" + "".join(texts))
    write_pack(work / "pack", {name: rune_rule(name, rules["rune"], rules["languages"]) for name, rules in having("rune")})

    found = {tool: {name: set() for name, _ in having(tool)} for tool in ("ast-grep", "semgrep", "rune")}

    def add(tool, rule, path, line):
        name, _, file = os.path.relpath(path, sources).partition("/")
        if name == rule:
            found[tool][name].add((file, line))

    _, out, err = run([programs["ast-grep"], "scan", "--rule", work / "ast-grep.yml", "--json=compact", sources], work)
    for match in json.loads(out or fail("ast-grep", err)):
        add("ast-grep", match["ruleId"], work / match["file"], match["range"]["start"]["line"] + 1)
    command = [programs["semgrep"], "scan", "--config", work / "semgrep.yml", "--json", "--metrics=off"]
    _, out, err = run([*command, "--disable-version-check", "--no-git-ignore", sources], work)
    report = json.loads(out or fail("semgrep", err))
    for problem in report["errors"]:
        print(f"semgrep: {problem.get('message', problem)}", file=sys.stderr)
    for match in report["results"]:
        add("semgrep", match["check_id"].split(".")[-1], work / match["path"], match["start"]["line"])
    for case in cases:
        # Each case is a project of its own.
        (sources / case["id"] / ".git").mkdir(exist_ok=True)
        command = [programs["rune"], "run", "--pack", work / "pack", "--format", "json", "--select", case["id"], "."]
        _, out, err = run(command, sources / case["id"])
        report = json.loads(out or fail("rune", err))
        for skill in report["skills"]:
            for match in skill["findings"]:
                if match["certainty"] == "certain":
                    place = match["at"]
                    add("rune", case["id"], sources / case["id"] / place["path"], place["start"]["line"])
    return found


def fail(tool, said):
    sys.exit(f"{tool} did not run: {said}")


def n_lines(text):
    return len([line for line in text.strip().splitlines() if line.strip()])


def matching_table(cases, found):
    tools = ("ast-grep", "semgrep", "rune")
    rows = ["| task | " + " | ".join(tools) + " | |", "|---|---|---|---|---|"]
    totals = {tool: [0, 0, 0, 0] for tool in tools}
    for case in cases:
        wanted, cells = wanted_of(case), []
        rules = {**case, **case.get("rules", {})}
        for tool in tools:
            lines = found[tool].get(case["id"])
            hit, extra = len(wanted & (lines or set())), len((lines or set()) - wanted)
            is_right = hit == len(wanted) and not extra
            for n, value in enumerate((int(is_right), hit, len(wanted), extra)):
                totals[tool][n] += value
            text = "–" if lines is None else f"{hit} of {len(wanted)}" + (f", {extra} wrong" if extra else "")
            size = "" if lines is None else f" ({n_lines(rules[tool])})"
            cells.append(f"**{text}**{size}" if is_right else f"{text}{size}")
        rows.append(f"| {case['task']} | {' | '.join(cells)} | {case.get('note', '')} |")
    sums = [f"{right} of {len(cases)} right; {hit} of {all_} lines, {extra} wrong" for right, hit, all_, extra in totals.values()]
    return "\n".join([*rows, f"| all | {' | '.join(sums)} | |"])


# ---- fixing

def fix_command(tool, case, programs, folder):
    """Writes the rules of a case and gives the command that fixes with them; `None` where the tool has none."""
    texts = case.get(tool)
    ending = case["file"].rsplit(".", 1)[1]
    if texts is None:
        return None
    named = [(f"rule-{n}", text) for n, text in enumerate(texts, 1)]
    project = folder / "project"
    match tool:
        case "ast-grep":
            rules = [rule for name, text in named for rule in ast_grep_rules(name, text, [ending])]
            (folder / "rules.yml").write_text("\n---\n".join(rules))
            return [programs[tool], "scan", "--rule", folder / "rules.yml", "--update-all", "."]
        case "semgrep":
            rules = [semgrep_rule(name, text, [ending]) for name, text in named]
            (folder / "rules.yml").write_text("rules:\n" + "".join(rules))
            options = ["--metrics=off", "--disable-version-check", "--no-git-ignore"]
            return [programs[tool], "scan", "--autofix", "--config", folder / "rules.yml", *options, "."]
        case "biome":
            plugins = []
            for name, text in named:
                (project / f"{name}.grit").write_text(f"language js\n{text}")
                plugins.append(f"./{name}.grit")
            settings = {"plugins": plugins, "linter": {"rules": {"preset": "none"}}, "formatter": {"enabled": False}, "assist": {"enabled": False}}
            (project / "biome.json").write_text(json.dumps(settings))
            return [programs[tool], "lint", "--write", case["file"]]
        case "rune":
            halves = [(name, *text.split("\n---\n")) for name, text in named]
            write_pack(folder / "pack", {name: rune_rule(name, match, [ending], edits) for name, match, edits in halves})
            return [programs[tool], "run", "--fix", "--pack", folder / "pack", "."]


def parses(path, text):
    """Whether the language itself reads the text."""
    if path.suffix == ".py":
        try:
            ast.parse(text)
            return True
        except SyntaxError:
            return False
    return subprocess.run(["node", "--check", path], capture_output=True).returncode == 0


# What a tool says of its own work.
CLAIMS = re.compile(r"(Applied \d+ changes?|successfully modified \d+ files?[^.\n]*|Fixed \d+ files?|Fixed \d+ in \d+ files?|Not fixed: [^\n]*)")


def fix_one(tool, case, programs, folder, show):
    """What a tool did with a case, in words."""
    project = folder / "project"
    project.mkdir(parents=True)
    (project / ".git").mkdir()
    (project / "lib.mjs").write_text("export const a = 1, b = 2, fresh = 3, later = 4, log = 5, done = 6, open = 7, close = 8;\n")
    path = project / case["file"]
    before = case["before"].encode()
    path.write_bytes(before)
    if case.get("link"):
        os.link(path, project / "second.txt")
    command = fix_command(tool, case, programs, folder)
    if command is None:
        return "–", False
    for _ in range(case.get("runs", 1)):
        code, out, err = run(command, project)
    after = path.read_bytes()
    said = "; ".join(dict.fromkeys(claim[:60] for claim in CLAIMS.findall(out + err)))
    if show:
        print(f"== {case['id']} {tool}: exit {code}\n{out}{err}\n-- file\n{after.decode()}", file=sys.stderr)
    same = after == before
    wanted = [text.encode() for text in case.get("after", [])]
    is_right = False
    if same:
        refused = code not in (None, 0, 1) or "Not fixed" in said
        outcome = "left as it was" + (", and said so" if refused else "")
        is_right = refused and (case.get("left", False) or case.get("link", False))
    elif after in wanted or (case.get("loose") and squeezed(after) in map(squeezed, wanted)):
        outcome, is_right = "right", True
    elif not parses(path, after.decode()):
        outcome = "**wrote broken code**"
    else:
        outcome = f"wrote {shown(before, after)}"
    if case.get("link") and (project / "second.txt").read_bytes() != after:
        outcome, is_right = f"{outcome}; **the two names say different things**", False
    ended = f"exit {code}" if code is not None else f"**did not end** in {LONGEST} s"
    sizes = f"{len(before)} → {len(after)} B, {ended}"
    return f"{outcome} ({sizes}{'; “' + said + '”' if said else ''})", is_right


def squeezed(text):
    """Without white space and last commas."""
    return re.sub(rb",(?=])", b"", re.sub(rb"\s", b"", text))


def shown(before, after):
    """The lines that are new, as code."""
    old = before.decode().split("\n")
    new = [line for line in after.decode().split("\n") if line not in old]
    text = " ⏎ ".join(line.replace("\r", "␍").strip(" ") for line in new) or "fewer lines"
    return f"`{text.replace('|', chr(92) + '|')}`"


def fixing_table(cases, programs, work, show):
    tools = ("ast-grep", "semgrep", "biome", "rune")
    rows, n_right = ["| situation | " + " | ".join(tools) + " |", "|---|---|---|---|---|"], dict.fromkeys(tools, 0)
    for case in cases:
        cells = []
        for tool in tools:
            text, is_right = fix_one(tool, case, programs, work / case["id"] / tool, show == case["id"])
            n_right[tool] += is_right
            cells.append(f"✓ {text}" if is_right else text)
        note = f" ({case['note']})" if case.get("note") else ""
        rows.append(f"| {case['task']}{note} | {' | '.join(cells)} |")
    sums = [f"{n_right[tool]} of {len(cases)}" for tool in tools]
    return "\n".join([*rows, f"| all | {' | '.join(sums)} |"])


# ---- the document

def put(document, name, text):
    """The document with `text` between the marks of `name`."""
    marks = f"<!-- {name} -->", f"<!-- end of {name} -->"
    head, _, rest = document.partition(marks[0])
    _, _, tail = rest.partition(marks[1])
    return f"{head}{marks[0]}\n{text}\n{marks[1]}{tail}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rune", type=Path, default=ROOT / "target" / "release" / "rune", help="the program to compare")
    parser.add_argument("--peers", type=Path, help="where the other tools are, or are installed")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/comparison.md")
    parser.add_argument("--show", metavar="CASE", help="print all that the tools say about one case")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        programs = {**install((options.peers or work / "peers").resolve()), "rune": options.rune.resolve()}
        versions = [f"{name} {run([program, '--version'], work)[1].split()[-1]}" for name, program in programs.items()]
        matching = tomllib.loads((HERE / "matching.toml").read_text())["case"]
        fixing = tomllib.loads((HERE / "fixing.toml").read_text())["case"]
        found = match_all(matching, programs, work / "matching")
        if options.show in found["rune"]:
            wanted = wanted_of(next(case for case in matching if case["id"] == options.show))
            for tool, lines in found.items():
                got = lines.get(options.show, set())
                print(f"{tool}: missed {sorted(wanted - got)}, wrong {sorted(got - wanted)}", file=sys.stderr)
        tables = {
            "versions": ", ".join(versions),
            "matching": matching_table(matching, found),
            "fixing": fixing_table(fixing, programs, work / "fixing", options.show),
        }
    for name, text in tables.items():
        print(f"\n## {name}\n\n{text}")
    if options.write:
        document = DOCUMENT.read_text()
        for name, text in tables.items():
            document = put(document, name, text)
        DOCUMENT.write_text(document)


if __name__ == "__main__":
    main()
