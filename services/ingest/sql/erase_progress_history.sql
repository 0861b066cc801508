worker_id IN {workers:Array(String)}
    AND as_of <= {until:DateTime64(6, 'UTC')}
