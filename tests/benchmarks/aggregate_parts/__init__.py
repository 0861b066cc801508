"""What the benchmark of the aggregate is made of: the workload, and the two contenders it is measured against."""
