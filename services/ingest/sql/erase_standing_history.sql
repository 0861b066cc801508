arrayExists(worker -> cityHash64(toString(employer_id), worker) = person, {workers:Array(String)})
    AND as_of <= {until:DateTime64(6, 'UTC')}
