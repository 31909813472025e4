"""XMP packets (ISO 16684-1) as dictionaries: a reader for the XML in them.

It knows elements, attributes, namespaces, text, CDATA, comments and the five named entities. It
refuses a DOCTYPE, and with it entities that expand and files that are fetched.
"""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<raw>.*?)\]\]>"
    r"|</(?P<close>[^\s<>/]+)\s*>"
    r"|<(?P<open>[^\s<>/!?=]+)(?P<attributes>(?:\s+[^\s<>/=]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)"
    r"\s*(?P<empty>/?)>"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"\s+([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&([^;]*);?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_SPACES = str.maketrans("\t\r\n", "   ")
_XML = "http://www.w3.org/XML/1998/namespace"


class _Element:
    """An element that is open: its value grows while what is inside is read."""

    def __init__(
        self, tag: str, name: str, scope: dict[str, str], attributes: dict[str, Any]
    ) -> None:
        self.tag, self.name, self.scope = tag, name, scope
        self.value = attributes
        self.has_children = False
        self.text = ""

    def add(self, name: str, value: Any) -> None:
        """A child; several of one name become a list."""
        self.has_children = True
        if name not in self.value:
            self.value[name] = value
            return
        if not isinstance(self.value[name], list):
            self.value[name] = [self.value[name]]
        self.value[name].append(value)

    def result(self) -> Any:
        """A dictionary of attributes and children, or text where there are none."""
        if self.has_children:
            return self.value
        if not self.value:
            return self.text or None
        if self.text:
            self.value["text"] = self.text
        return self.value


def read(packet: bytes, strip_namespaces: bool = True) -> dict[str, Any]:
    """The packet's outermost element.

    :raises ValueError: the packet is no XML, or has a DOCTYPE.
    """
    text = _decoded(packet).replace("\r\n", "\n").replace("\r", "\n")
    open_elements: list[_Element] = []
    root: dict[str, Any] | None = None
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(f"XMP data: no XML at character {position}")
        position = token.end()
        if token["open"]:
            outer = open_elements[-1].scope if open_elements else {"xml": _XML}
            if root is not None:
                raise ValueError("XMP data: more than one element")
            open_elements.append(_opened(token, outer, strip_namespaces))
        elif token["text"] or token["raw"]:
            _add_text(open_elements, token)
        if token["close"] or token["empty"]:
            element = open_elements.pop() if open_elements else None
            if element is None or token["close"] not in (None, element.tag):
                raise ValueError(f"XMP data: </{token['close']}> closes nothing")
            if open_elements:
                open_elements[-1].add(element.name, element.result())
            else:
                root = {element.name: element.result()}
    if root is None or open_elements:
        raise ValueError("XMP data: it ends early")
    return root


def _decoded(packet: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if packet.startswith(mark):
            return packet.decode(encoding)
    return packet.decode("utf-8-sig")


def _opened(token: re.Match[str], outer: dict[str, str], strip: bool) -> _Element:
    pairs = [
        (key, _resolved((double or single).translate(_SPACES)))
        for key, double, single in _ATTRIBUTE.findall(token["attributes"])
    ]
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError(f"XMP data: <{token['open']}> has an attribute twice")
    scope = dict(outer)
    for key, value in pairs:
        if key == "xmlns":
            scope[""] = value
        elif key.startswith("xmlns:"):
            scope[key[6:]] = value
    attributes = {
        _named(key, scope, strip, is_attribute=True): value
        for key, value in pairs
        if key != "xmlns" and not key.startswith("xmlns:")
    }
    return _Element(token["open"], _named(token["open"], scope, strip), scope, attributes)


def _named(name: str, scope: dict[str, str], strip: bool, is_attribute: bool = False) -> str:
    """The name with its namespace in place of its prefix, `{uri}name`, or alone."""
    prefix, colon, local = name.rpartition(":")
    if colon and prefix not in scope:
        raise ValueError(f"XMP data: the prefix of {name} is unknown")
    uri = "" if is_attribute and not colon else scope.get(prefix, "")
    return local if strip or not uri else f"{{{uri}}}{local}"


def _add_text(open_elements: list[_Element], token: re.Match[str]) -> None:
    text = token["raw"] or _resolved(token["text"])
    if open_elements:
        if not open_elements[-1].has_children:
            open_elements[-1].text += text
    elif text.strip():
        raise ValueError("XMP data: text outside of the element")


def _resolved(text: str) -> str:
    return _ENTITY.sub(_entity, text) if "&" in text else text


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    if name in _NAMED:
        return _NAMED[name]
    if re.fullmatch("#(x[0-9a-fA-F]{1,6}|[0-9]{1,7})", name):
        return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
    raise ValueError(f"XMP data: unknown entity {match[0]}")
