"""What a corpus may be brought as: each module reads some formats into records."""
