"""Parts of the dashboard benchmark: the data set, its queries, and the writer beside them."""
