"""Writes src/inter_widths.rs: how wide each character of our Inter subset is.

    python3 -m pip install fonttools brotli
    python3 crates/charts/inter_widths.py path/to/inter-var-subset.woff2 > crates/charts/src/inter_widths.rs

Run it again when the font of the pages changes. Digits are those of `tabular-nums`, as charts show them.
"""

import sys

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEIGHTS = (400, 600)


def tabular(font):
    """Glyph names of the feature `tnum`: usual glyph to the glyph with the width of a figure."""
    table = font["GSUB"].table
    names = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    names.update(getattr(part, "ExtSubTable", part).mapping)
    return names


def widths(path, weight):
    """Character to width in thousandths of the font size, rounded up."""
    font = instantiateVariableFont(TTFont(path), {"wght": weight})
    figures, em = tabular(font), font["head"].unitsPerEm
    advance = lambda name: font["hmtx"][figures.get(name, name)][0]
    return {code: -(-advance(name) * 1000 // em) for code, name in font.getBestCmap().items()}


regular, bold = (widths(sys.argv[1], weight) for weight in WEIGHTS)
print("//! Widths of the characters of our Inter subset, so that a label is measured before it is drawn.")
print("//!")
print("//! Made by `crates/charts/inter_widths.py` from the font of the pages; not edited by hand.")
print()
print("/// Character, width at weight 400 and at weight 600, in thousandths of the font size; sorted by character.")
print("#[rustfmt::skip]")
print("pub(crate) static WIDTHS: &[(char, u16, u16)] = &[")
row = []
for code in sorted(regular):
    row.append(f"('\\u{{{code:x}}}', {regular[code]}, {bold[code]}),")
    if len(row) == 5:
        print("    " + " ".join(row))
        row = []
if row:
    print("    " + " ".join(row))
print("];")
