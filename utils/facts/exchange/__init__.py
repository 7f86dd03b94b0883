"""A coding to and from coders' tools: each module writes or reads one kind of file."""
