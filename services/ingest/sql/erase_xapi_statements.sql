hasAny(terms, {terms:Array(UInt64)})
    AND stored <= {until:DateTime64(6, 'UTC')}
