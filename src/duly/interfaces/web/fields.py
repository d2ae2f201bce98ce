"""Fields that several forms have."""

from django import forms


def day_field(label: str, *, required: bool = False, hint: str = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "This is no day. Write it as 2026-03-06."},
    )
