"""PDF with a text layer: letters and lines of pages to paragraphs and tables, by their places alone."""
