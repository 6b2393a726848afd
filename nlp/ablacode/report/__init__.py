"""Records for people: a highlighted page per note, an index, a terminal answer, a spreadsheet."""
