from poems import index as application
