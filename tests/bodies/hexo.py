"""Articles with tags, captions, lists and tables, and the HTML of Hexo and marked."""

import json
import os
import subprocess
from pathlib import Path

PACKAGES = Path(os.environ["CARGO_TARGET_DIR"]).resolve() / "tools" / "sites" / "hexo" / "node_modules"
RENDER = """
const Hexo = require(process.argv[2] + '/hexo');
const hexo = new Hexo(process.argv[1], {silent: true});
const bodies = JSON.parse(require('fs').readFileSync(0, 'utf8'));
hexo.init().then(async () => {
  const made = {};
  for (const [number, content] of Object.entries(bodies)) {
    made[number] = (await hexo.post.render(null, {content, engine: 'markdown', source: ''})).content;
  }
  process.stdout.write(JSON.stringify(made));
});
"""
CONFIGURATION = "title: Bodies\nurl: https://home.example\nsyntax_highlighter: ''\nmarked: {smartypants: false, prependRoot: false}\n"

WORDS = ["word", "**bold**", "*em*", "_em_", "`code`", "[l](http://x.example/)", "[l](/a 't')", "![a](/p.png)", "http://y.example/z", "\\*", "<i>it</i>", "“q”", "中文", "~~d~~", "snake_case", "100%", "&amp;", "a < b", "x.", "$5"]


def line(random):
    return " ".join(random.choice(WORDS) for _ in range(random.randint(1, 5)))


def block(random):
    text = line(random)
    return random.choice([
        f"t {text}",
        f"t {text}\n{line(random)}",
        f"> t {text}",
        f"- t {text}\n  - t {line(random)}\n- t {line(random)}",
        f"1. t {text}\n2. t {line(random)}",
        f"## t {text}",
        f"| a | b |\n| --- | :-: |\n| t {text.replace('|', '')} | c |",
        f"```js\nlet x = '{text}';\n```",
        f"{{% blockquote %}}\nt {text}\n{{% endblockquote %}}",
        f"<div>\nt **{random.choice(['a', 'b'])}**\n</div>\n\nt {text}",
    ])


def body(random):
    return "\n\n".join(block(random) for _ in range(random.randint(1, 4)))


def publish(root, bodies):
    site = root / "site"
    (site / "source/_posts").mkdir(parents=True)
    (site / "_config.yml").write_text(CONFIGURATION)
    dependencies = json.dumps({"hexo": "8", "hexo-renderer-marked": "7"})
    (site / "package.json").write_text(f'{{"name": "site", "hexo": {{"version": "8.1.2"}}, "dependencies": {dependencies}}}')
    for number, text in bodies.items():
        (site / f"source/_posts/p{number}.md").write_text(f"---\ntitle: p{number}\ndate: 2026-01-01\n---\n{text}\n")
    (site / "node_modules").symlink_to(PACKAGES)
    command = ["node", "-e", RENDER, site.resolve(), PACKAGES]
    done = subprocess.run(command, input=json.dumps(bodies), capture_output=True, text=True, check=True)
    (site / "node_modules").unlink()
    return {int(number): html for number, html in json.loads(done.stdout).items()}
