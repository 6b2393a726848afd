"""Training of the status classifier from annotated notes. Needs scikit-learn; nothing here is imported at run time."""
