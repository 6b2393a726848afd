"""From bytes to notes: folders of text, annotated corpora."""
