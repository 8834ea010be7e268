"""URLs that the service accepts (G6, R8, A3)."""

import re
from unicodedata import normalize
from urllib.parse import quote, unquote

# The service's list, which dates from 2008.
SCHEMES = set(
    """ftp http gopher mailto news nntp telnet wais file prospero z39.50s z39.50r cid mid vemmi service imap nfs acap
    rtsp tip pop data dav opaquelocktoken sip sips tel fax modem ldap https soap.beep soap.beeps xmlrpc.beep
    xmlrpc.beeps urn go h323 ipp tftp mupdate pres im mtqp iris.beep dict snmp crid tag dns info aaa aaas cap iax icap
    iris iris.xpc iris.xpcs iris.lwz msrp msrps shttp thismessage tv xmpp""".split()
)
CHARACTERS = r"[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]"
FULL = re.compile(rf"[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?{CHARACTERS}+$")
REFERENCE = re.compile(rf"([a-zA-Z][0-9a-zA-Z+\-.]*:)?/{{0,2}}(\[[0-9A-Fa-f:]+\])?{CHARACTERS}*$")
TAG = re.compile(
    r"tag:([a-z0-9\-._]+?@)?[a-z0-9.\-]+?,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*"
    r"(#[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*)?$"
)
URN = re.compile(r"urn:[a-zA-Z0-9][a-zA-Z0-9-]{1,31}:([a-zA-Z0-9()+,.:=@;$_!*'\-]|%[0-9A-Fa-f]{2})+$", re.I)
UUID = re.compile(r"urn:uuid:[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$", re.I)
HOST = r"(([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([A-Z0-9\-]+\.)+))([A-Z0-9][-A-Z0-9]*)"
HTTP = re.compile(rf"(http|https)://{HOST}(?::\d+)?(/|$)", re.I)
PORTS = {"ftp": 21, "telnet": 23, "http": 80, "gopher": 70, "news": 119, "nntp": 119, "https": 443}


def absolute(address, form=FULL, wrong="InvalidFullLink"):
    """Returns the complaints about a URL that must be absolute, or may be relative with `form=REFERENCE`."""
    scheme = address.split(":")[0].lower()
    if scheme == "tag":
        return [] if TAG.match(address) else ["A3 InvalidTAG"]
    if scheme == "urn":
        if address.lower().startswith("urn:uuid:") and not UUID.match(address):
            return ["A3 InvalidUUID"]
        return [] if URN.match(address) else ["A3 InvalidURN"]
    if not form.match(address):
        odd = next((c for c in address if ord(c) < 128 and not re.match(CHARACTERS, c)), None)
        return [f"G6 InvalidUriChar {odd!r}" if odd else f"G6 {wrong}"]
    if scheme in ("http", "ftp") and not re.match(r"\w+://[^/].*", address):
        return [f"G6 {wrong}"]
    if ":" in address and scheme.isalpha() and scheme not in SCHEMES:
        return [f"G6 SchemeNotIANARegistered {scheme}"]
    return []


def reference(address):
    return absolute(address, REFERENCE, "InvalidIRI")


def playable(address):
    """Returns the complaints about the URL of an enclosure."""
    return [] if HTTP.match(address) and FULL.match(address) else ["R8 InvalidURLAttribute"]


def _part(text, safe=""):
    reserved = ":/?#[]@!$&'()*+,;="
    done, octets = "", bytearray()

    def flush():
        nonlocal octets
        composed = normalize("NFC", unquote(octets.decode("utf-8"))).encode()
        octets = bytearray()
        return quote(composed, safe)

    for escape in re.findall(r"%[0-9a-fA-F]{2}|[^%]|%", text):
        if escape == "%":
            raise ValueError("a % without two hex digits")
        octet = int(escape[1:], 16) if len(escape) == 3 else ord(escape)
        if chr(octet) in reserved and chr(octet) in safe:
            done += flush() + (escape.upper() if len(escape) == 3 else escape)
        else:
            octets.append(octet)
    return done + flush()


def canonical(address):
    """Returns the canonical form (RFC 3986) as the service computes it, or None."""
    scheme, authority, path, query, fragment = re.match(
        r"^(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$", address
    ).groups()
    try:
        made = scheme.lower() + ":"
        if authority is not None:
            user, at, host = authority.rpartition("@")
            host = host.lower()
            port = re.search(r":(\d*)$", host)
            default = PORTS.get(scheme.lower())
            if port:
                host = host[: port.start()]
                if port.group(1) and int(port.group(1)) != default:
                    host += f":{int(port.group(1))}"
            if host.startswith("[") != re.sub(r":\d+$", "", host).endswith("]"):
                return None
            made += "//" + (f"{user}@" if at and user not in ("", ":") else "") + host
            parts = []
            for part in path.split("/")[1:] or [""]:
                if part == "..":
                    parts = parts[:-1]
                elif part != ".":
                    parts.append(part)
            if path.split("/")[-1] in (".", ".."):
                parts.append("")
            path = "/" + "/".join(_part(part, "-._~!$&'()*+,;=:@") for part in parts)
            made += path
        else:
            made += _part(path, "-._~!$&'()*+,;=:@/")
        made += "" if query is None else "?" + _part(query, "-._~!$&'()*+,;=:@/?")
        made += "" if fragment is None else "#" + _part(fragment, "-._~!$&'()*+,;=:@/?")
        return made
    except (ValueError, AttributeError):
        return None


def identity(address):
    """Returns the complaints about an Atom id."""
    if address != address.strip():
        return ["A3 UnexpectedWhitespace"]
    if not address:
        return ["A3 NotBlank"]
    wrong = absolute(address)
    if wrong:
        return wrong
    return [] if canonical(address) == address else [f"A3 NonCanonicalURI (canonical: {canonical(address)})"]
