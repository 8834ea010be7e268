"""HTML in feeds: parsed strictly, then every element, attribute and URL is checked (G7, R10).

The service itself uses html5lib; a parse error in its strict mode is NotHtml.
"""

import re
from functools import lru_cache
from html import unescape

import html5lib
from html5lib.html5parser import ParseError

# The HTML elements that the service knows. An end tag of one of them in plain text is ContainsHTML.
TAGS = set(
    """a abbr acronym address applet area article aside audio b base basefont bdi bdo big blockquote body br button
    canvas caption center cite code col colgroup command data datagrid datalist dd del details dfn dialog dir div dl dt
    em eventsource fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr
    html i iframe img input ins isindex kbd label legend li link m main mark map menu meta meter nav noframes noscript
    object ol optgroup option output p param picture pre progress q rp rt ruby s samp script section select slot small
    source span strike strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track
    tt u ul var xmp plaintext embed comment listing video wbr""".split()
)
# Elements that the service rejects as a risk.
RISKY = set(
    """applet base basefont bdo body embed frame frameset head html iframe isindex link meta noframes object param
    plaintext script slot style title xmp comment listing""".split()
)
ATTRIBUTES = set(
    """abbr accept accept-charset accesskey action align allow allowfullscreen allowpaymentrequest alt as autoplay
    autocapitalize autocomplete autofocus axis background balance bgcolor bgproperties border bordercolor
    bordercolordark bordercolorlight bottompadding cellpadding cellspacing ch challenge char charoff choff charset
    checked cite class clear color cols colspan compact contenteditable controls coords crossorigin data datafld datapagesize
    datasrc datetime decoding default delay dir dirname disabled download draggable dynsrc enctype end enterkeyhint
    face for form formenctype frame galleryimg gutter headers height hidefocus hidden high href hreflang hspace icon id
    inputmode is ismap itemid itemprop itemref itemscope itemtype kind keytype label lang leftspacing loading list
    longdesc loop loopcount loopend loopstart low lowsrc max maxlength media method min minlength multiple muted name
    nohref nonce noshade nowrap open optimum pattern ping placeholder playsinline point-size poster preload prompt pqg
    radiogroup readonly referrerpolicy rel repeat-max repeat-min replace required rev reversed rightspacing rows
    rowspan rules scope selected shape size sizes span spellcheck src srclang srcset start step summary suppress
    tabindex target template title toppadding translate type unselectable usemap urn valign value variable volume
    vspace vrml width wrap xml:lang xmlns""".split()
)
ANCHOR = re.compile(r"<a\s+href=(?:\"(.*?)\"|'(.*?)'|([\w-]+))[\s>]", re.I)
IMAGE = re.compile(r"<img\s+[^>]*src=(?:\"(.*?)\"|'(.*?)'|([\w-]+))[\s>]", re.I)
# Attributes that must have an absolute URL, because readers have no base URL.
ADDRESSES = ("href", "src", "cite", "poster", "longdesc", "background")


@lru_cache(maxsize=None)
def fragment(value):
    """Returns the complaints about a fragment of HTML."""
    wrong = []
    try:
        tree = html5lib.HTMLParser(strict=True).parseFragment(value)
    except ParseError as error:
        return (f"G7 NotHtml: {error} in {value[:300]!r}",)
    except Exception as error:  # html5lib fails on some input, and so does the service
        return (f"G7 NotHtml: {type(error).__name__} {error}",)
    if "<?import " in value.lower():
        wrong.append("G7 SecurityRisk: ?import")
    for element in tree.iter():
        if callable(element.tag) or element.tag == "DOCUMENT_FRAGMENT":
            continue
        name = element.tag.split("}")[-1].lower()
        if name not in TAGS:
            wrong.append(f"G7 NotHtml: <{name}>")
        elif name in RISKY:
            wrong.append(f"G7 SecurityRisk: <{name}>")
        for attribute, content in element.attrib.items():
            if not isinstance(attribute, str):
                attribute = attribute[-1]
            if attribute.lower() == "style":
                wrong.append(f"G7 DangerousStyleAttr: {content!r}")
            elif attribute.lower() not in ATTRIBUTES and not attribute.lower().startswith("data-"):
                wrong.append(f"G7 SecurityRiskAttr: {attribute}")
            if attribute.lower() in ADDRESSES and not re.match(r"\w+:", content.strip()):
                wrong.append(f"R10 ContainsRelRef: {attribute}={content!r}")
            if attribute.lower() == "srcset":
                # The service does not check srcset, but readers use it.
                listed = [candidate.split()[0] for candidate in content.split(", ")]
                wrong += [f"R10 ContainsRelRef: {each!r}" for each in listed if not re.match(r"https?:[!-~]+$", each)]
    # Two regular expressions of the service, which also match text that is no element.
    for found in [*IMAGE.findall(value), *ANCHOR.findall(value)]:
        address = unescape(next((group for group in found if group), "")).strip()
        if not re.match(r"\w+:", address):
            wrong.append(f"R10 ContainsRelRef: {address!r}")
    return tuple(wrong)
