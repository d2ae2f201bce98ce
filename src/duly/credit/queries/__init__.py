"""What others ask of credit."""
