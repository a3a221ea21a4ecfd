"""The public tables (公开表) of a report: which one a table is, what its columns and rows are, and what its amounts state.

`words` holds the reviewed data, `grid` the cells with the headings above them, `layout` the columns' meaning, `labels` that
of a row's label, `recognise` which table it is; `reader` puts them together, document by document. `laid` finds tables of
which only lines of text are left.
"""

from tasks.extract.public_tables.laid import laid_tables
from tasks.extract.public_tables.reader import Amount, PublicTables
from tasks.extract.public_tables.recognise import stands_above_table

__all__ = ["Amount", "PublicTables", "laid_tables", "stands_above_table"]
