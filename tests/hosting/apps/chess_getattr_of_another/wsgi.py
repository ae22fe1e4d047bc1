from ladder import site as application
