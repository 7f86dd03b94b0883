"""Notebooks -> executed notebooks (papermill) -> pages (nbconvert) -> a folder that opens offline."""
