"""XML answers: whole or refused; no entity is resolved, no file or address is opened, no mending is tried."""

from collections.abc import Iterator

from lxml import etree

from harvest.model import Answer
from harvest.sources.refusal import refused
from harvest.sources.text import fold, unreadable


def xml_of(answer: Answer, service: str, *, doctype: bool = False) -> "etree._Element":
    """The root of an answer. Raises UnreadableAnswer or SourceBlocked, also for a document type of its own."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True, collect_ids=False)  # fmt: skip
    try:
        root = etree.fromstring(answer.body, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise refused(answer, f"this is no whole XML: {service}'s answer was cut or is something else") from problem
    if not doctype and root.getroottree().docinfo.internalDTD is not None and local(root) != "html":
        raise unreadable(answer, f"an XML document with a document type of its own: {service} sends none")
    return root


def local(element: "etree._Element") -> str:
    """The name of an element without its namespace; "" for an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def words(element: "etree._Element | None") -> str:
    """All words inside an element, on one line; "" for none."""
    return "" if element is None else fold("".join(str(piece) for piece in element.itertext()))


def children(element: "etree._Element | None", name: str) -> Iterator["etree._Element"]:
    """The children of this name, in any namespace."""
    return iter(()) if element is None else (child for child in element if local(child) == name)


def said(element: "etree._Element | None", name: str) -> str:
    """The words of the first child of this name, in any namespace; "" for none."""
    return words(next(children(element, name), None))


def all_said(element: "etree._Element | None", name: str) -> list[str]:
    """The words of all children of this name that have any."""
    return [found for child in children(element, name) if (found := words(child))]
