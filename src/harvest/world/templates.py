"""The services' documents as templates in data/templates; every value is escaped as it enters."""

import re
from email.utils import format_datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader


def fill(name: str, /, **values: Any) -> str:
    """The document that a template, such as "dblp.xml", makes of the values."""
    return _templates().get_template(name).render(**values)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("harvest.world", "data/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["stamp"] = lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"
    templates.filters["day"] = lambda at: f"{at:%Y-%m-%d}"
    templates.filters["mail"] = lambda at: format_datetime(at, usegmt=True)
    templates.filters["file"] = dblp_file
    return templates


def dblp_file(name: str) -> str:
    """The file name that DBLP makes of an author name, such as "w/Wang_0002:Mingze"."""
    words = name.split()
    number = f"_{words.pop()}" if words[-1].isdigit() else ""
    family, given = words[-1], "_".join(words[:-1])
    return re.sub(r"[^\w:/]", "=", f"{family[0].lower()}/{family}{number}:{given}")
