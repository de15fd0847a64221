"""What the site shows of the sources: the reference, the old names, the text of the whole site."""
