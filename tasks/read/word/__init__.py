"""Word documents: DOCX, and the binaries before it."""
