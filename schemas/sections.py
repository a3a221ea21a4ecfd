"""The names that `section` of facts and mentions has for what is no heading of the form (network_sections.csv has all)."""

PUBLIC_TABLE = "表"
"""Begins the sections of the public tables: 表01 to 表13."""

PROJECT_TABLE = "项目表"
"""The tables that a project's goals, money and scores stand in."""
