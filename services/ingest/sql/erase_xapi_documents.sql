agent IN {agents:Array(String)}
    AND updated <= {until:DateTime64(6, 'UTC')}
