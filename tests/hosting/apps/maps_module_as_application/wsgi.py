import trails as application
