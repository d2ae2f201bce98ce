"""Decisions on facts: what adds up."""
