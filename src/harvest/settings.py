"""Settings, read once: ``harvest.toml`` in the working folder, then the environment (``HARVEST_…`` wins)."""

import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from harvest.errors import InputProblem

_WITHOUT_A_KEY = {
    "openalex": "OpenAlex needs a key since February 2026: get a free one",
    "semantic_scholar": "Semantic Scholar answers hardly anybody without a key: ask it for one",
}


class Settings(BaseSettings):
    """Every setting with its default. Keys come from the environment only and are never logged."""

    model_config = SettingsConfigDict(env_prefix="HARVEST_", toml_file="harvest.toml", frozen=True, extra="forbid")

    home: Path = Path("warehouse")
    people: Path = Path("seeds/people.toml")
    decisions: Path = Path("seeds/decisions.toml")
    # Where all runs of this user, whatever their home, take turns at the services; on a disk that several machines
    # share, they take turns with each other too.
    turns: Path = Path(tempfile.gettempdir()) / f"harvest-{os.getuid()}"

    arxiv_url: str = "https://export.arxiv.org"
    # Several addresses are asked in their order: the next one when the one before is down or blocked.
    dblp_url: str = "https://dblp.org https://dblp.uni-trier.de https://dblp.dagstuhl.de"
    openalex_url: str = "https://api.openalex.org"
    scholar_feed_url: str = "https://www.scholarfeed.org"
    semantic_scholar_url: str = "https://api.semanticscholar.org"
    datacite_url: str = "https://api.datacite.org"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org"
    arxiv_author_url: str = "https://arxiv.org"
    crossref_url: str = "https://api.crossref.org"
    orcid_url: str = "https://pub.orcid.org"
    homepage_url: str | None = None  # only for a model world: every homepage is asked there instead

    openalex_key: SecretStr | None = None
    semantic_scholar_key: SecretStr | None = None
    contact: str | None = None  # an e-mail address or page for the User-Agent, as the services ask

    deadline_seconds: float = Field(default=120, gt=0)  # of one call, retries and waiting included
    max_answer_bytes: int = Field(default=50_000_000, gt=0)
    pace: float = Field(default=1, ge=0)  # multiplies the pauses; below 1 only towards this machine

    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = True
    mail_from: str = "harvest@localhost"

    def base_urls(self, source: str) -> tuple[str, ...]:
        """Where a source is asked, the preferred address first; "" when every question names its own (homepages)."""
        given = getattr(self, f"{source}_url", None) or ""
        return tuple(one.rstrip("/") for one in given.split()) or ("",)

    def base_url(self, source: str) -> str:
        """The first of them."""
        return self.base_urls(source)[0]

    def public_url(self, source: str, url: str) -> str:
        """The address as the world knows it, whichever of its addresses a source was asked through."""
        base = next((one for one in self.base_urls(source) if one and url.startswith(f"{one}/")), None)
        if base is None:
            return url
        rest = url[len(base) + 1 :]
        default = type(self).model_fields[f"{source}_url"].default
        return f"{default.split()[0]}/{rest}" if default else f"https://{rest}"

    def key(self, source: str) -> str:
        """The key that a source asks for, without the line end that a file leaves; "" for none."""
        given: SecretStr | None = getattr(self, f"{source}_key", None)
        return given.get_secret_value().strip() if given else ""

    def switched_off(self, source: str) -> str:
        """Why a source cannot be asked with these settings, in one sentence; "" when it can."""
        if source not in _WITHOUT_A_KEY or self.key(source) or is_local(self.base_url(source)):
            return ""
        return f"{_WITHOUT_A_KEY[source]} and set HARVEST_{source.upper()}_KEY"

    @field_validator("contact")
    @classmethod
    def _with_scheme(cls, contact: str | None) -> str | None:
        """Crossref's polite callers are known by a "mailto:"; nobody else minds it."""
        return f"mailto:{contact}" if contact and re.fullmatch(r"[^\s@:/]+@[^\s@:/]+", contact) else contact

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def is_local(url: str) -> bool:
    """Whether an address is on this machine, where pauses and keys are not asked for."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def read_settings(**given: Any) -> Settings:
    """The settings of this process; raises InputProblem with the name of the wrong one."""
    try:
        if Path("harvest.toml").is_dir():
            raise InputProblem("harvest.toml is a folder: it should be a file, or not be there")
        return Settings(**given)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputProblem(f"harvest.toml is not valid TOML: {problem}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputProblem(
            f"setting {name!r} is not usable ({first['msg'].lower()}): mend it in harvest.toml"
            f" or in HARVEST_{name.upper()}"
        ) from problem
