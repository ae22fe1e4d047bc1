raise ImportError("the package wins, this file is never imported")
