"""A digest as one self-contained page, and as plain text that reads well on its own."""

import re
from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from rich.cells import cell_len, chop_cells

from harvest.report.nouns import Digest, Item, Number, Section
from harvest.report.wording import clean, count, day, metric_name, source_name, step, value, web_address

COLUMNS = 78
_BLOCKS = "▁▂▃▄▅▆▇█"


def render_page(digest: Digest) -> str:
    """One HTML page: no script, nothing fetched, light and dark, fit for print."""
    return environment().get_template("page.html.j2").render(digest=digest)


def render_mail(digest: Digest) -> str:
    """The same as HTML for mail clients: no tables, no drawings; its style is still in the head."""
    return environment().get_template("mail.html.j2").render(digest=digest)


def render_text(digest: Digest) -> str:
    """Plain text of at most 78 columns, wide characters counted as two."""
    lines = [line for block in _blocks(digest) for line in block]
    return "\n".join(lines) + "\n"


def environment() -> Environment:
    """Everything is escaped; every value loses what could harm a page; a missing name is an error."""
    environment = Environment(
        loader=PackageLoader("harvest.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters |= {
        "web": web_address, "day": day, "counted": count, "titles": titles, "drawing": drawing, "bars": bars,
        "metric": metric_name, "source": source_name, "value": value, "step": step,
    }  # fmt: skip
    return environment


def _harmless(text: object) -> object:
    return clean(text, 2000) if isinstance(text, str) and not isinstance(text, Markup) else text


def titles(text: str) -> Markup:
    """The sentence with its quoted titles set in bold; everything else is escaped."""
    return Markup(re.sub("“[^“”]*”", r"<b>\g<0></b>", str(escape(clean(text, 2000)))))  # noqa: S704 - escaped before


def _heights(number: Number, most: int) -> list[float]:
    """The newest readings between 0 (lowest) and 1 (highest)."""
    values = [point for _, point in number.points[-most:]]
    low, span = min(values), (max(values) - min(values)) or 1
    return [(point - low) / span for point in values]


def bars(number: Number) -> str:
    """A sparkline of characters; empty when there is nothing to compare."""
    heights = _heights(number, 24)
    return "".join(_BLOCKS[round(height * 7)] for height in heights) if len(set(heights)) > 1 else ""


def drawing(number: Number) -> Markup:
    """A sparkline as inline SVG, its meaning said in words; empty when nothing moved."""
    heights = _heights(number, 120)
    if len(set(heights)) < 2:
        return Markup("")
    days = [at.timestamp() for at, _ in number.points[-120:]]
    span = (days[-1] - days[0]) or 1
    dots = [(3 + 114 * (at - days[0]) / span, 21 - 18 * height) for at, height in zip(days, heights, strict=True)]
    said = f"from {value(number.points[0][1])} on {day(number.points[0][0])} to {value(number.after)}"
    return Markup(
        '<svg class="drawing" viewBox="0 0 120 24" width="120" height="24" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{:.1f}" cy="{:.1f}" r="2.5"/></svg>'
    ).format(said, " ".join(f"{x:.1f},{y:.1f}" for x, y in dots), *dots[-1])


def _blocks(digest: Digest) -> Iterator[list[str]]:
    several = len(digest.people) > 1
    yield [*wrapped(digest.title), *wrapped(digest.period), "", *wrapped(digest.lead)]
    for section in digest.sections:
        yield _section(section, several)
    if digest.numbers or digest.movers:
        yield _numbers(digest, several)
    for section in (digest.findings, digest.questions):
        yield _section(section, several)
    yield _heading("Sources")
    for state in digest.sources:
        whose = f" (asked for {', '.join(state.people)})" if several and state.people and state.silent else ""
        yield wrapped(state.sentence + whose, "! " if state.silent else "  ")
    yield ["", *wrapped(digest.trust)] if not digest.is_empty else []
    yield [line for words, address in digest.credits for line in wrapped(f"{words}: {address}")]


def _heading(title: str, number: int = 0) -> list[str]:
    text = f"{title} ({number})" if number else title
    return ["", *wrapped(text.upper()), "-" * min(COLUMNS, cell_len(text))]


def _section(section: Section, several: bool) -> list[str]:
    if not section.items:
        return []
    lines = _heading(section.title, len(section.items))
    for item in section.shown:
        lines += _item(item, several)
    return lines + ([f"  … and {section.more:,} more"] if section.more else [])


def _item(item: Item, several: bool) -> list[str]:
    if not item.new:
        return wrapped(f"{item.sentence} ({item.source})", "* ")
    lines = wrapped(item.sentence, "* ")
    for detail in item.details[:4]:
        lines += wrapped(detail, "  - ")
    if len(item.details) > 4:
        lines.append(f"  - and {len(item.details) - 4:,} more")
    if item.advice:
        lines += wrapped(item.advice, "  > ")
    said = [item.source, item.confidence, ", ".join(item.people) if several else "", day(item.at)]
    lines += wrapped(" · ".join(filter(None, said)), "  ")
    url = web_address(item.url)
    return lines + ([f"  {url}"] if url and cell_len(url) <= COLUMNS - 2 else [])  # a broken address is worse than none


def _numbers(digest: Digest, several: bool) -> list[str]:
    lines = _heading("Numbers")
    for number in digest.moved:
        whose = f"{number.person}: " if several else ""
        said = f"{whose}{metric_name(number.metric)}, {source_name(number.source)}"
        moved = f"{value(number.before)} → {value(number.after)} ({step(number.step)})"
        lines += wrapped(f"{said}: {moved} {bars(number)}", "  ")
        lines += wrapped(number.why, "    ") if number.why else []
    lines += wrapped(f"Unchanged: {digest.unmoved}.", "  ") if digest.unmoved else []
    for mover in digest.movers:
        lines += ["", *wrapped(mover.sentence, "  ")]
        lines += [line for item in mover.top.shown for line in wrapped(item.sentence, "  - ")]
        lines += [f"  … and {mover.top.more:,} more"] if mover.top.more else []
    return lines


def wrapped(text: str, bullet: str = "") -> list[str]:
    """Lines of at most 78 columns, those after the first indented like it."""
    room = COLUMNS - len(bullet)
    lines = [""]
    for word in clean(text, 4000).split():
        for piece in chop_cells(word, room) or [word]:
            joined = f"{lines[-1]} {piece}" if lines[-1] else piece
            lines[-1:] = [joined] if cell_len(joined) <= room else [lines[-1], piece]
    first, *others = lines
    return [bullet + first, *(" " * len(bullet) + line for line in others)]
