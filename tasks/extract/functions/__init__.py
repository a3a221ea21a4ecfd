"""The classification of expenditure by function: taking printed labels apart, and finding their codes."""

from tasks.extract.functions.path import Path, parse_path
from tasks.extract.functions.table import FunctionTable, Label, Resolved, function_table

__all__ = ["FunctionTable", "Label", "Path", "Resolved", "function_table", "parse_path"]
