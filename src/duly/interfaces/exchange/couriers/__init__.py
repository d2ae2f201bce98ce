"""What carries messages out of the house."""
