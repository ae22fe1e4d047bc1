from rainfall import server as application
