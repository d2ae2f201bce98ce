"""What is charged of those who pay late, and what is granted to those who pay early."""
