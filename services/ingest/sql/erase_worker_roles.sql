worker_id IN {workers:Array(String)}
