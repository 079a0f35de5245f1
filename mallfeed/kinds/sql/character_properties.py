"""Properties of characters that Java's regular expressions know: `\\p{L}`, `\\p{IsHangul}`.

Of the Javadoc of `java.util.regex.Pattern` (Java 17): all general categories, the POSIX classes, and the
scripts and blocks that product texts are written in. An unknown one ends the whole run, so these are all
that a catalog may name; a test asks the JVM for each.
"""

from __future__ import annotations


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_CATEGORIES = _names(
    "L Lu Ll Lt Lm Lo LC M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn"
)
_POSIX = _names("Lower Upper ASCII Alpha Digit Alnum Punct Graph Print Blank Cntrl XDigit Space")
_OF_JAVA = _names("javaLowerCase javaUpperCase javaWhitespace javaMirrored")
_BINARY = _names(
    "Alphabetic Ideographic Letter Lowercase Uppercase Titlecase Punctuation Control White_Space Digit "
    "Hex_Digit Join_Control Noncharacter_Code_Point Assigned"
)
_SCRIPTS = _names(
    "Arabic Armenian Bengali Bopomofo Common Cyrillic Devanagari Georgian Greek Han Hangul Hebrew Hiragana "
    "Inherited Katakana Khmer Lao Latin Mongolian Myanmar Tamil Thai Tibetan"
)
_BLOCKS = _names(
    "Arabic Arrows Basic_Latin Bopomofo Box_Drawing CJK_Compatibility CJK_Compatibility_Ideographs "
    "CJK_Symbols_and_Punctuation CJK_Unified_Ideographs CJK_Unified_Ideographs_Extension_A Currency_Symbols "
    "Cyrillic Dingbats Emoticons Enclosed_Alphanumerics Enclosed_CJK_Letters_and_Months General_Punctuation "
    "Geometric_Shapes Greek Halfwidth_and_Fullwidth_Forms Hangul_Compatibility_Jamo Hangul_Jamo "
    "Hangul_Syllables Hebrew Hiragana Kanbun Katakana Latin_1_Supplement Latin_Extended_A Latin_Extended_B "
    "Letterlike_Symbols Mathematical_Operators Miscellaneous_Symbols Miscellaneous_Technical Number_Forms "
    "Private_Use_Area Specials Thai"
)
_BLOCKS_IN_ONE_WORD = _names(
    "CJKUnifiedIdeographs CurrencySymbols GeneralPunctuation HangulCompatibilityJamo HangulJamo HangulSyllables"
)

PROPERTIES = frozenset(
    [
        *_CATEGORIES,
        *(f"Is{name}" for name in (*_CATEGORIES, *_BINARY, *_SCRIPTS)),
        *_POSIX,
        *_OF_JAVA,
        *(f"In{name}" for name in _BLOCKS),
        *(f"In{name}" for name in _BLOCKS_IN_ONE_WORD),
    ]
)
"""Names that may stand in the braces."""


def is_property(name: str) -> bool:
    """Whether Java knows the property."""
    return name in PROPERTIES
