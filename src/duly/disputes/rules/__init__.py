"""Pure rules of disputes."""
