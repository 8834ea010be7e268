"""Makes src/name/readings.txt: how the names of categories, tags and authors are read in Chinese.

    make.py pinyin_simp.dict.yaml modern.json Unihan_Readings.txt.bz2 Unihan_Variants.txt.bz2

The words are those of the Android Pinyin IME (Debian's rime-data-pinyin-simp, Apache-2.0) and of pypinyin (PyPI,
MIT), the latter where modern.json (npm's @pinyin-pro/data) agrees. A single character is read as Unihan's kMandarin
says (Debian's unicode-data), unless deunicode reads it so anyway. Most words are read like their characters, and are
left out. `corrections.txt` has what is known better, among it the default reading of characters that have several.
"""

import bz2
import collections
import glob
import json
import os
import pathlib
import sys
import unicodedata

from pypinyin.phrases_dict import phrases_dict

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent.parent / "src/name/readings.txt"


def plain(syllable):
    """Without tones; ü is v as input methods write it, but üe is ue, because no other syllable has that."""
    letters = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return letters.replace("lve", "lue").replace("nve", "nue")


def unihan(path, field):
    for line in bz2.open(path, "rt", encoding="utf-8"):
        if f"\t{field}\t" in line:
            code, _, value = line.rstrip("\n").split("\t")
            yield chr(int(code[2:], 16)), value.split()


def deunicode():
    """The table of deunicode, from the sources that Cargo downloaded."""
    home = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))
    directory = pathlib.Path(glob.glob(f"{home}/registry/src/*/deunicode-1.6.2/src")[0])
    pointers, mapping = (directory / "pointers.bin").read_bytes(), (directory / "mapping.txt").read_bytes()
    for code in range(0x3400, len(pointers) // 3):
        low, high, length = pointers[3 * code : 3 * code + 3]
        start = low + 256 * high
        # Texts of up to two bytes are in place of their position.
        text = bytes([low, high])[:length] if length <= 2 else mapping[start : start + length]
        yield chr(code), text.decode("ascii", "replace").strip().lower()


class Table:
    """Words whose reading is not that of their characters."""

    def __init__(self, defaults):
        self.defaults, self.words, self.longest = defaults, {}, 1

    def read(self, text):
        found, at = [], 0
        while at < len(text):
            for length in range(min(self.longest, len(text) - at), 0, -1):
                reading = self.words.get(text[at : at + length])
                if reading or length == 1:
                    found += reading or [self.defaults.get(text[at])]
                    at += length
                    break
        return found

    def add(self, words):
        """Adds the words that would be read differently, the shorter ones first."""
        by_length = collections.defaultdict(dict)
        for word, reading in words.items():
            by_length[len(word)][word] = reading
        for length in sorted(by_length):
            self.words |= {word: reading for word, reading in by_length[length].items() if self.read(word) != reading}
            self.longest = max(self.longest, length)

    def guards(self, words):
        """Words that end as a word of the table begins, so that 运行数据 is not read as if 行数 were in it."""
        ends, starts = collections.defaultdict(list), collections.defaultdict(list)
        for word in words:
            for length in range(1, len(word) + 1):
                ends[word[-length:]].append(word)
                starts[word[:length]].append(word)
        pairs = {
            (one, other)
            for word in self.words
            for length in range(1, len(word))
            for one in ends.get(word[:length], ())
            for other in starts.get(word[length:], ())
        }
        wrong = collections.Counter(
            one for one, other in pairs if self.read(one + other) != self.read(one) + self.read(other)
        )
        return [word for word, count in wrong.items() if count >= 4]


def main():
    ime, pro, readings, variants = sys.argv[1:]
    corrections, fixed = {}, {}
    for line in (HERE / "corrections.txt").read_text(encoding="utf-8").splitlines():
        word, *reading = line.split()
        (fixed if len(word) == 1 else corrections)[word] = reading

    simplified = {
        c: chr(int(codes[0][2:], 16))
        for c, codes in unihan(variants, "kSimplifiedVariant")
        if f"U+{ord(c):X}" not in codes and c not in fixed
    }
    listed = {c for c, _ in unihan(readings, "kTGHZ2013")}
    customary = {c: plain(values[0]) for c, values in unihan(readings, "kMandarin")}
    customary = {c: r for c, r in customary.items() if "\u4e00" <= c <= "\u9fff" or c in listed} | {
        c: reading[0] for c, reading in fixed.items()
    }

    words, weights = {}, {}
    for line in pathlib.Path(ime).read_text(encoding="utf-8").split("\n...\n")[1].splitlines():
        word, _, rest = line.partition("\t")
        reading, _, weight = rest.partition("\t")
        if len(word) > 1 and float(weight) > weights.get(word, -1):
            weights[word] = float(weight)
            words[word] = ["shei" if c == "谁" else syllable for c, syllable in zip(word, reading.split())]
    words |= corrections
    table = Table(customary)
    table.add(words)

    confirmed = json.loads(pathlib.Path(pro).read_text(encoding="utf-8"))
    others = {}
    for word, syllables in phrases_dict.items():
        reading = [plain(syllable[0]) for syllable in syllables]
        if word not in words and len(word) == len(reading) and word in confirmed:
            if reading == [plain(syllable) for syllable in confirmed[word][0].split()]:
                others[word] = reading
    table.add(others)
    common = sorted((word for word in weights if len(word) <= 3), key=lambda word: -weights[word])[:12000]
    common = [word for word in common if not set(word) & set("的了不都还也我你他她是在着过给和就有这那谁要会去来得地")]
    table.words |= {word: table.read(word) for word in table.guards(common)}

    # Traditional characters are replaced before a word is looked up.
    lines = {"".join(simplified.get(c, c) for c in word): " ".join(reading) for word, reading in table.words.items()}
    used = {c for word in lines for c in word}
    known = dict(deunicode())
    for c, reading in customary.items():
        if simplified.get(c) in used:
            lines[c] = simplified[c]
        elif known.get(c) != reading:
            lines[c] = reading
    head = "# Made by tests/readings/make.py, which says from what. See NOTICE."
    text = "".join(f"{word} {reading}\n" for word, reading in sorted(lines.items()))
    TARGET.write_text(f"{head}\n{text}", encoding="utf-8")
    print(f"{len(table.words)} words, {len(lines) - len(table.words)} characters, {TARGET.stat().st_size} bytes")


main()
