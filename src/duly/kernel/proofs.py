"""What a proof over the books says: an invariant, how much was looked at, what breaks it."""

from dataclasses import dataclass, field

MOST_VIOLATIONS = 200  # named one by one; the first are enough to find the cause


@dataclass(slots=True)
class Proof:
    """One invariant of docs/invariants.md, proved or broken; `violations` name the documents."""

    id: str
    title: str
    checked: int
    violations: list[dict[str, object]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether nothing breaks it."""
        return not self.violations
