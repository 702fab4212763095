"""What pages and commands show: reads only, page by page, by the names people know."""
