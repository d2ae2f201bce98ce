"""Mappings: how any table is read, told by a person once and remembered for its layout."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the columns of a table become those of a kind."""

    name: str
    kind: str

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        """The mapping that a TOML file or a person's choice describes."""
        return cls(name=str(told.get("name", "")), kind=str(told.get("kind", "")))

    def to_dict(self) -> dict[str, Any]:
        """The mapping as it is kept."""
        return {"name": self.name, "kind": self.kind}
