digest IN {digests:Array(String)}
