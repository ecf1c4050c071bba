"""Settings, read once: ``harvest.toml`` in the working folder, then the environment (``HARVEST_…`` wins)."""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from harvest.errors import InputProblem


class Settings(BaseSettings):
    """Every setting with its default. Keys come from the environment only and are never logged."""

    model_config = SettingsConfigDict(env_prefix="HARVEST_", toml_file="harvest.toml", frozen=True, extra="forbid")

    home: Path = Path("warehouse")
    people: Path = Path("seeds/people.toml")
    decisions: Path = Path("seeds/decisions.toml")

    arxiv_url: str = "https://export.arxiv.org"
    dblp_url: str = "https://dblp.org"
    openalex_url: str = "https://api.openalex.org"
    scholar_feed_url: str = "https://www.scholarfeed.org"
    semantic_scholar_url: str = "https://api.semanticscholar.org"
    datacite_url: str = "https://api.datacite.org"
    homepage_url: str | None = None  # only for a model world: every homepage is asked there instead

    openalex_key: SecretStr | None = None
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

    def base_url(self, source: str) -> str:
        """Where a source is asked; "" when every question names its own address (homepages)."""
        return (getattr(self, f"{source}_url", None) or "").rstrip("/")

    def public_url(self, source: str, url: str) -> str:
        """The address as the world knows it, when the service was asked through another base URL."""
        base = self.base_url(source)
        if not base or not url.startswith(base + "/"):
            return url
        rest = url[len(base) + 1 :]
        default = type(self).model_fields[f"{source}_url"].default
        return f"{default}/{rest}" if default else f"https://{rest}"

    def switched_off(self, source: str) -> str:
        """Why a source cannot be asked with these settings, in one sentence; "" when it can."""
        if source != "openalex" or self.openalex_key or is_local(self.openalex_url):
            return ""
        return "OpenAlex needs a key since February 2026: get a free one and set HARVEST_OPENALEX_KEY"

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
        return Settings(**given)
    except tomllib.TOMLDecodeError as problem:
        raise InputProblem(f"harvest.toml is not valid TOML: {problem}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputProblem(
            f"setting {name!r} is not usable ({first['msg'].lower()}): mend it in harvest.toml"
            f" or in HARVEST_{name.upper()}"
        ) from problem
